import { z } from 'zod';
import { type CoreKind, coreKinds } from '../../agents/cores/options.ts';
import { UserError } from '../errors.ts';
import { protocolNames } from '../evaluate/protocol.ts';
import { mostEpisodes } from '../evaluate/settings.ts';
import { listed } from '../environments/listed.ts';
import { gameName } from '../environments/rollout.ts';
import { count, type Notes, setting } from '../settings/setting.ts';

const option = <T extends z.ZodType>(schema: T, notes: Omit<Notes, 'group'>): T =>
  setting(schema, { ...notes, group: 'comparison' });

const list = (text: string): string[] => [...new Set(text.split(',').map((name) => name.trim()))];

/** Flags of a comparison; those of PPO (src/ppo/config.ts) stand beside them and hold for all arms. */
export const compareOptions = z.strictObject({
  game: option(z.string().min(1).default('Breakout'), {
    text: 'games or tasks by any usual name, with commas between; npm run games lists them',
    placeholder: 'names',
  }),
  cores: option(z.string().min(1).default(coreKinds.join(',')), {
    text: 'the arms: cores with commas between; the first is the one that --match adapts the others to',
    placeholder: coreKinds.join(','),
  }),
  seeds: option(count(3, 100), { text: 'runs of each arm and game, with --seed and the seeds after it' }),
  match: option(z.enum(['none', 'parameters', 'width']).default('none'), {
    text:
      "make the other arms as large as the first, by their cores' sizes: in parameters of the whole network, or in " +
      'the width of what the core gives the heads',
  }),
  atOnce: option(z.number().int().min(1).max(256).optional(), {
    text: 'runs trained at once (as many as cores and memory bear)',
  }),
  episodes: option(z.number().int().min(0).max(mostEpisodes).default(30), {
    text: 'whole games that the frozen agent of each run plays to be compared; 0 compares the scores of training',
  }),
  greedy: option(z.boolean().default(false), {
    text: 'in these games the most likely action always, not one drawn by the policy',
  }),
  protocol: option(z.enum(protocolNames).default('trained'), {
    text: 'how these games are played: as the agents learned, or by a published protocol (docs/evaluate.md)',
  }),
  out: option(z.string().min(1).optional(), {
    text: 'folder of the comparison: its runs and its reports (runs/compare-<games>-<steps>)',
    placeholder: 'dir',
  }),
  plan: option(z.boolean().default(false), { text: 'show what there is and what would be trained, and end' }),
  cost: option(z.boolean().default(true), { text: 'do not measure the speed of the arms' }),
  anyway: option(z.boolean().default(false), { text: 'compare what is not comparable; the report says why it is not' }),
});

export type CompareOptions = z.infer<typeof compareOptions>;

/** @throws UserError for a protocol of Atari's where one of the games is none */
export function requireProtocol({ protocol, episodes }: CompareOptions, games: readonly string[]): void {
  const other = listed.find(({ name }) => games.includes(name));
  if (episodes > 0 && protocol !== 'trained' && other)
    throw new UserError(
      `--protocol ${protocol} is of games of Atari, and ${other.name} is none; leave one of them out`,
    );
}

/** @returns the games' own names @throws UserError for an unknown one */
export function gamesOf({ game }: CompareOptions): string[] {
  return [...new Set(list(game).map(gameName))];
}

/** @throws UserError for an unknown one, or if there is but one */
export function coresOf({ cores }: CompareOptions): CoreKind[] {
  const named = list(cores);
  const unknown = named.find((name) => !coreKinds.some((kind) => kind === name));
  if (unknown !== undefined)
    throw new UserError(`--cores ${JSON.stringify(unknown)}: must be among ${coreKinds.join(', ')}`);
  if (named.length < 2) throw new UserError(`--cores ${cores}: a comparison has two arms at least; add a core`);
  return named as CoreKind[];
}
