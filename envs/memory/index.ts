import { type ListedEnv, registerListed } from '../listed-env.ts';
import { Autoencode } from './autoencode.ts';
import { CountRecall } from './count-recall.ts';
import { CueRecall } from './cue-recall.ts';
import { GridPickup } from './grid-pickup.ts';
import { PartialCartPole } from './partial-cart-pole.ts';
import { RepeatFirst } from './repeat-first.ts';
import { RepeatPrevious } from './repeat-previous.ts';
import { TMaze } from './t-maze.ts';

export { Autoencode, CountRecall, CueRecall, GridPickup, PartialCartPole, RepeatFirst, RepeatPrevious, TMaze };

/** A task in which remembering pays; returns are means per episode, within the task's limit of time. */
export interface MemoryTask extends ListedEnv {
  /** That of actions drawn evenly. */
  readonly randomReturn: number;
  /** The best that there is; of GridPickup that of one who knows the whole room. */
  readonly bestReturn: number;
}

type Level = Pick<MemoryTask, 'summary' | 'kwargs' | 'randomReturn'>;

/** Steps that CartPole lasts under random actions: the mean of 100,000 episodes of POPGym, its standard error 0.04. */
const randomCartPoleSteps = 22.19;

/** Of a suit, or another one of four: right in a quarter of all steps. */
const guessedSuits = -0.5;

/** POPGym's three difficulties of one task, by its names. */
function popgym(
  task: string,
  entryPoint: ListedEnv['entryPoint'],
  [Easy, Medium, Hard]: readonly [Level, Level, Level],
): MemoryTask[] {
  return Object.entries({ Easy, Medium, Hard }).map(([difficulty, level]) => {
    const name = `${task}${difficulty}`;
    return { id: `popgym-${name}-v0`, name, entryPoint, bestReturn: 1, ...level };
  });
}

function partial(seen: 'positions' | 'velocities'): [Level, Level, Level] {
  const level = (maxEpisodeLength: number): Level => ({
    summary: `balance for ${maxEpisodeLength} steps, seeing ${seen} only`,
    kwargs: { seen, maxEpisodeLength },
    randomReturn: randomCartPoleSteps / maxEpisodeLength,
  });
  return [level(200), level(400), level(600)];
}

function previous(decks: number, k: number): Level {
  const summary = `name the suit of ${k - 1} cards before, ${decks * 52} cards`;
  return { summary, kwargs: { decks, k }, randomReturn: guessedSuits };
}

/** @param most cards of one kind; a guess is one of 0 to so many */
function counted(decks: number, feature: string, most: number): Level {
  const summary = `count cards of ${decks * 52} by their ${feature}`;
  return { summary, kwargs: { decks, feature }, randomReturn: 2 / (most + 1) - 1 };
}

/** One level for each number of decks. */
function decked(decks: readonly [number, number, number], what: string): [Level, Level, Level] {
  const level = (count: number): Level => ({
    summary: `${what}, ${count * 52} cards`,
    kwargs: { decks: count },
    randomReturn: guessedSuits,
  });
  return [level(decks[0]), level(decks[1]), level(decks[2])];
}

function corridor(corridorLength: number, randomReturn: number): MemoryTask {
  const name = `TMaze${corridorLength}`;
  return {
    id: `${name}-v0`,
    name,
    summary: `see a sign, walk ${corridorLength} steps, turn as it said`,
    entryPoint: TMaze,
    kwargs: { corridorLength },
    maxEpisodeSteps: 100 * corridorLength,
    randomReturn,
    bestReturn: 4,
  };
}

/** Environments in which remembering pays; docs/memory-tasks.md tells what random and perfect play return. */
export const memoryTasks: readonly MemoryTask[] = [
  {
    id: 'CueRecall-v0',
    name: 'CueRecall',
    summary: 'choose the cue that was shown 7 steps ago',
    entryPoint: CueRecall,
    randomReturn: 0,
    bestReturn: 1,
  },
  corridor(10, -11.0841),
  corridor(50, -180.661),
  ...popgym('PositionOnlyCartPole', PartialCartPole, partial('positions')),
  ...popgym('VelocityOnlyCartPole', PartialCartPole, partial('velocities')),
  ...popgym('RepeatPrevious', RepeatPrevious, [previous(1, 4), previous(2, 32), previous(3, 64)]),
  ...popgym('RepeatFirst', RepeatFirst, decked([1, 8, 16], 'name the suit of the first card')),
  ...popgym('Autoencode', Autoencode, decked([1, 2, 3], 'watch the cards, then name their suits backwards')),
  ...popgym('CountRecall', CountRecall, [counted(1, 'colors', 26), counted(2, 'suits', 26), counted(4, 'ranks', 16)]),
  {
    id: 'GridPickup-v0',
    name: 'GridPickup',
    summary: 'find and pick up one of 4 objects, in 3 colours',
    entryPoint: GridPickup,
    randomReturn: 0.0973, // 100,000 episodes, standard error 0.0008
    bestReturn: 0.9166, // 20,000 episodes, standard error 0.0002
  },
  {
    id: 'GridPickupNovel-v0',
    name: 'GridPickupNovel',
    summary: 'the same among 8 distractors, in colours of their own',
    entryPoint: GridPickup,
    kwargs: { distractors: 8, distractorColors: ['purple', 'yellow', 'grey'] },
    randomReturn: 0.0701, // as above, 0.0007
    bestReturn: 0.9081, // as above, 0.0003
  },
];

/** Makes them known to gym-js's `make`. May be called twice. */
export function registerMemoryTasks(): void {
  registerListed(memoryTasks);
}
