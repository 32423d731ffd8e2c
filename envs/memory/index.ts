import { register } from 'gym-js';
import type { NamedEnv } from '../named-env.ts';
import { Autoencode } from './autoencode.ts';
import { CountRecall } from './count-recall.ts';
import { CueRecall } from './cue-recall.ts';
import { GridPickup } from './grid-pickup.ts';
import { PartialCartPole } from './partial-cart-pole.ts';
import { RepeatFirst } from './repeat-first.ts';
import { RepeatPrevious } from './repeat-previous.ts';
import { TMaze } from './t-maze.ts';

export { Autoencode, CountRecall, CueRecall, GridPickup, PartialCartPole, RepeatFirst, RepeatPrevious, TMaze };

type Level = Pick<NamedEnv, 'summary' | 'kwargs'>;

/** POPGym's three difficulties of one task, by its names. */
function popgym(
  task: string,
  entryPoint: NamedEnv['entryPoint'],
  [Easy, Medium, Hard]: readonly [Level, Level, Level],
): NamedEnv[] {
  return Object.entries({ Easy, Medium, Hard }).map(([difficulty, level]) => {
    const name = `${task}${difficulty}`;
    return { id: `popgym-${name}-v0`, name, entryPoint, ...level };
  });
}

function partial(seen: 'positions' | 'velocities'): [Level, Level, Level] {
  const level = (maxEpisodeLength: number): Level => ({
    summary: `balance for ${maxEpisodeLength} steps, seeing ${seen} only`,
    kwargs: { seen, maxEpisodeLength },
  });
  return [level(200), level(400), level(600)];
}

function previous(decks: number, k: number): Level {
  return { summary: `name the suit of ${k - 1} cards before, ${decks * 52} cards`, kwargs: { decks, k } };
}

function counted(decks: number, feature: string): Level {
  return { summary: `count cards of ${decks * 52} by their ${feature}`, kwargs: { decks, feature } };
}

/** One level for each number of decks. */
function decked(decks: readonly [number, number, number], what: string): [Level, Level, Level] {
  const level = (count: number): Level => ({ summary: `${what}, ${count * 52} cards`, kwargs: { decks: count } });
  return [level(decks[0]), level(decks[1]), level(decks[2])];
}

function corridor(corridorLength: number): NamedEnv {
  const name = `TMaze${corridorLength}`;
  return {
    id: `${name}-v0`,
    name,
    summary: `see a sign, walk ${corridorLength} steps, turn as it said`,
    entryPoint: TMaze,
    kwargs: { corridorLength },
    maxEpisodeSteps: 100 * corridorLength,
  };
}

/** Environments in which remembering pays; docs/memory-tasks.md tells what random and perfect play return. */
export const memoryTasks: readonly NamedEnv[] = [
  { id: 'CueRecall-v0', name: 'CueRecall', summary: 'choose the cue that was shown 7 steps ago', entryPoint: CueRecall },
  corridor(10),
  corridor(50),
  ...popgym('PositionOnlyCartPole', PartialCartPole, partial('positions')),
  ...popgym('VelocityOnlyCartPole', PartialCartPole, partial('velocities')),
  ...popgym('RepeatPrevious', RepeatPrevious, [previous(1, 4), previous(2, 32), previous(3, 64)]),
  ...popgym('RepeatFirst', RepeatFirst, decked([1, 8, 16], 'name the suit of the first card')),
  ...popgym('Autoencode', Autoencode, decked([1, 2, 3], 'watch the cards, then name their suits backwards')),
  ...popgym('CountRecall', CountRecall, [counted(1, 'colors'), counted(2, 'suits'), counted(4, 'ranks')]),
  {
    id: 'GridPickup-v0',
    name: 'GridPickup',
    summary: 'find and pick up one of 4 objects, in 3 colours',
    entryPoint: GridPickup,
  },
  {
    id: 'GridPickupNovel-v0',
    name: 'GridPickupNovel',
    summary: 'the same among 8 distractors, in colours of their own',
    entryPoint: GridPickup,
    kwargs: { distractors: 8, distractorColors: ['purple', 'yellow', 'grey'] },
  },
];

/** Makes them known to gym-js's `make`. */
export function registerMemoryTasks(): void {
  for (const env of memoryTasks) register(env);
}
