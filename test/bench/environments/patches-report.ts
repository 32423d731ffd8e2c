import { z } from 'zod';
import { patches } from '../../../envs/ale-wasm/build/patches.mjs';
import { circumstancesSchema, describeCircumstances } from '../machine.ts';
import { markdownTable } from '../markdown.ts';
import { ratio, spread } from '../rate.ts';
import { align } from '../report.ts';

/** What one build showed of one game. */
export const patchedPlay = z.strictObject({
  framesPerSecond: z.number().positive(),
  /** Of one emulator, with its game. */
  creationSeconds: z.number().positive(),
  /** Hash of screens, RAM and rewards. */
  shown: z.string(),
});
export type PatchedPlay = z.infer<typeof patchedPlay>;

const rounds = z.array(z.number().positive()).min(1);

/** All that `npm run bench -- patches` measured: what `--json` prints. Times are user processor time. */
export const patchesSchema = z.strictObject({
  kind: z.literal('patches'),
  ...circumstancesSchema.shape,
  /** That a game was measured over; a third as many go before. */
  frames: z.number().positive(),
  /** Cores that other programs kept busy: median of all measurements; Linux only. */
  othersCores: z.number().min(0).optional(),
  /** One with all patches, others without some. */
  builds: z
    .array(
      z.strictObject({
        without: z.array(z.string()),
        games: z.array(z.strictObject({ game: z.string(), framesPerSecond: rounds, creationSeconds: rounds })).min(1),
      }),
    )
    .min(1),
});
export type PatchesMeasured = z.infer<typeof patchesSchema>;

export interface Build {
  /** Names of the patches that are left out, those that edit what another one wrote included. */
  readonly without: readonly string[];
}

/** The patches that can be left out. */
const measurable = Object.keys(patches).filter((name) => patches[name]?.needed === undefined);

const followersOf = (name: string): string[] => measurable.filter((other) => patches[other]?.after === name);

/** The builds that are compared: with all, without each (and those after it), without any. */
export const builds: readonly Build[] = [
  { without: [] },
  ...measurable.map((name) => ({ without: [name, ...followersOf(name)] })),
  { without: measurable },
];

interface Gain {
  /** Times the frames per second, best of the rounds to best: per game. */
  readonly games: readonly { readonly game: string; readonly factor: number }[];
  /** Geometric means over the games: best to best, and the median of the rounds. */
  readonly best: number;
  readonly median: number;
  /** Of one emulator, with and without: medians. */
  readonly creationSeconds: { readonly with: number; readonly without: number };
}

/** How much faster the build without `less` is than the one without `more`. */
function gain({ builds }: PatchesMeasured, less: readonly string[], more: readonly string[]): Gain | undefined {
  const find = (names: readonly string[]) => builds.find(({ without }) => without.join() === names.join())?.games;
  const [faster, slower] = [find(less), find(more)];
  if (!faster || !slower) return undefined;
  const pairs = faster.flatMap((one) => {
    const other = slower.find(({ game }) => game === one.game);
    return other ? [{ one, other, ...ratio(one.framesPerSecond, other.framesPerSecond) }] : [];
  });
  const creation = (of: typeof faster): number => spread(of.flatMap(({ creationSeconds }) => creationSeconds)).median;
  return {
    games: pairs.map(({ one: { game }, best }) => ({ game, factor: best })),
    best: geometricMean(pairs.map(({ best }) => best)),
    median: geometricMean(pairs.map(({ median }) => median)),
    creationSeconds: { with: creation(faster), without: creation(slower) },
  };
}

const geometricMean = (values: readonly number[]): number =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

/** What a patch gains, over the build without it; the patches that edit what it wrote are in neither. */
const gainOf = (measured: PatchesMeasured, name: string): Gain | undefined =>
  gain(measured, followersOf(name), [name, ...followersOf(name)]);

/** A patch that changes the creation of an emulator by less than this is one for frames. */
const creationFactor = 2;

/** One line, as it stands in the patch's own file; undefined where it was not measured. */
export function gainText(measured: PatchesMeasured, name: string): string | undefined {
  const found = gainOf(measured, name);
  if (!found) return undefined;
  const { with: after, without: before } = found.creationSeconds;
  if (before > creationFactor * after) {
    return `an emulator is made in ${(1000 * after).toFixed(0)} ms instead of ${(1000 * before).toFixed(0)} ms`;
  }
  const factors = found.games.map(({ factor }) => factor);
  const range = `${Math.min(...factors).toFixed(2)} to ${Math.max(...factors).toFixed(2)} in ${factors.length} games`;
  return `frames/s x ${found.best.toFixed(2)} (${range})`;
}

/** Every patch: why it is, what it gains. */
function patchRows(measured: PatchesMeasured): string[][] {
  return [
    ['patch', 'why', 'gain'],
    ...Object.entries(patches).map(([name, { why, needed }]) => [
      `\`${name}\``,
      why,
      gainText(measured, name) ?? `needed ${needed ?? ''}`,
    ]),
  ];
}

/** Gains game by game; the last row is that of all patches together. */
function gainRows(measured: PatchesMeasured): string[][] {
  const games = measured.builds[0]?.games.map(({ game }) => game) ?? [];
  const row = (what: string, found: Gain | undefined): string[][] =>
    found
      ? [
          [
            what,
            ...[found.best, found.median].map((factor) => factor.toFixed(2)),
            ...found.games.map(({ factor }) => factor.toFixed(2)),
          ],
        ]
      : [];
  return [
    ['frames/s, with / without', 'geometric mean', 'of medians', ...games],
    ...measurable.flatMap((name) => row(name, gainOf(measured, name))),
    ...row(`all ${measurable.length}`, gain(measured, [], measurable)),
  ];
}

/** What was done, in sentences. */
function patchesConditions({ frames, builds, othersCores }: PatchesMeasured): string[] {
  const rounds = builds[0]?.games[0]?.framesPerSecond.length ?? 0;
  const others =
    othersCores === undefined ? '' : ` Other programs kept ${othersCores.toFixed(2)} cores busy meanwhile.`;
  return [
    `${frames} frames of random actions in a process of its own, the screen copied each time, after a third as many; ` +
      `user processor time, ${rounds} round${rounds === 1 ? '' : 's'} in turn, best to best. ` +
      `All builds showed the same games, bit for bit.${others}`,
    '`phosphor-palette` runs in no frame: its row shows how far chance goes.',
  ];
}

/** For people to read on the screen. */
export function patchesText(measured: PatchesMeasured): string {
  const tables = [patchRows(measured).map(([name = '', , gain = '']) => [name, gain]), gainRows(measured)];
  const aligned = tables.flatMap((rows) => ['', ...align(rows)]);
  return ['', ...patchesConditions(measured), describeCircumstances(measured), ...aligned, ''].join('\n');
}

/** A page of the docs with what the patches gain between its marks. */
export function withPatches(page: string, measured: PatchesMeasured): string {
  const lines = [
    ...['', ...markdownTable(patchRows(measured), 3), '', ...markdownTable(gainRows(measured))],
    ...['', `\`${measured.command}\`: ${patchesConditions(measured).join(' ')}`, ''],
    ...[`${describeCircumstances(measured)}.`, ''],
  ];
  return page.replace(
    /(<!-- patches -->\n)[^]*(<!-- \/patches -->)/,
    (_, start, end) => `${start}${lines.join('\n')}\n${end}`,
  );
}
