import { pathToFileURL } from 'node:url';
import { median } from 'simple-statistics';
import { z } from 'zod';
import { aleWithout } from '../../../setup/ale.mjs';
import { cacheFolder } from '../../../setup/cache.mjs';
import { root } from '../../../setup/survey.mjs';
import { BenchError } from '../bench-error.ts';
import { circumstances } from '../machine.ts';
import { answerOf, ownProgram } from './answer.ts';
import {
  type Build,
  builds,
  type PatchedPlay,
  patchedPlay,
  patchesText,
  type PatchesMeasured,
} from './patches-report.ts';

/** Flags of `npm run bench -- patches`. */
export const patchesOptions = z.strictObject({
  rounds: z.number().int().min(1).max(100).default(3).meta({ text: 'of all builds and games; they take turns' }),
  frames: z.number().int().min(1000).max(1e7).default(12000).meta({ text: 'that a game is measured over' }),
  json: z.boolean().default(false).meta({ text: 'print JSON instead of tables' }),
});

/** Where the patches do different things: much drawing, much waiting, much computing. */
const games = 'breakout pong seaquest montezuma_revenge space_invaders qbert beam_rider enduro'.split(' ');

interface Played extends PatchedPlay {
  readonly build: Build;
  readonly game: string;
  readonly othersCores: number | undefined;
}

/**
 * Measures what each of our patches of ALE gains: builds ALE without it and plays the same games on both.
 * @throws BenchError if a build shows another game than the others; SetUpError if one does not compile
 */
export async function patchGains(options: z.infer<typeof patchesOptions>, signal: AbortSignal): Promise<void> {
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const folders = await foldersOf(say, signal);
  const played: Played[] = [];
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const game of games) {
      for (const build of round % 2 === 1 ? builds : builds.toReversed()) {
        const one = await play(build, folders.get(build) ?? '', game, options.frames, signal);
        const same = played.every((other) => other.game !== game || other.shown === one.shown);
        if (!same) throw new BenchError(`${nameOf(build)}: ${game} is not the game of other builds`);
        played.push(one);
        say(`round ${round} of ${options.rounds}  ${game}, ${nameOf(build)}: ${one.framesPerSecond.toFixed(0)}`);
      }
    }
  }
  const measured = patchesMeasured(played, options.frames);
  process.stdout.write(options.json ? `${JSON.stringify(measured, null, 1)}\n` : patchesText(measured));
}

function patchesMeasured(played: readonly Played[], frames: number): PatchesMeasured {
  const { versions, ...where } = circumstances();
  const disturbances = played.flatMap(({ othersCores }) => othersCores ?? []);
  return {
    kind: 'patches',
    ...where,
    versions: { node: versions.node ?? '' },
    frames,
    ...(disturbances.length > 0 && { othersCores: median(disturbances) }),
    builds: builds.map((build) => ({
      without: [...build.without],
      games: games.map((game) => {
        const rounds = played.filter((one) => one.build === build && one.game === game);
        const framesPerSecond = rounds.map((one) => one.framesPerSecond);
        return { game, framesPerSecond, creationSeconds: rounds.map((one) => one.creationSeconds) };
      }),
    })),
  };
}

const nameOf = ({ without }: Build): string => (without.length === 0 ? 'all patches' : `without ${without.join(', ')}`);

/** URLs of the builds, made where the cache has them not yet. */
async function foldersOf(say: (text: string) => void, signal: AbortSignal): Promise<Map<Build, string>> {
  // Compilers run in threads and hear nothing; whoever leaves the process removes what is half done.
  const leave = (): never => process.exit(130);
  signal.throwIfAborted();
  signal.addEventListener('abort', leave);
  const folders = new Map<Build, string>();
  for (const build of builds) {
    const { without } = build;
    if (without.length > 0) say(`ALE without ${without.join(', ')}: from the cache, or compiled in a minute`);
    const folder =
      without.length === 0 ? `${root}/envs/ale-wasm/dist` : await aleWithout({ root, cache: cacheFolder(), without });
    folders.set(build, `${pathToFileURL(folder).href}/`);
  }
  signal.removeEventListener('abort', leave);
  return folders;
}

async function play(build: Build, folder: string, game: string, frames: number, signal: AbortSignal): Promise<Played> {
  const program = ownProgram(new URL('patched-play.ts', import.meta.url), folder, game, `${frames}`);
  const { result, othersCores } = await answerOf(program, `${game}, ${nameOf(build)}`, patchedPlay, signal);
  return { ...result, build, game, othersCores };
}
