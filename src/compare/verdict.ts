import type { Interval } from '../statistics/interval.ts';
import { score } from '../text/words.ts';

/** An arm as it is judged. */
export interface Judged {
  readonly name: string;
  /** IQM over all games; undefined where no scale holds for all of them. */
  readonly iqm: Interval | undefined;
  /** Runs in each game. */
  readonly runs: readonly number[];
}

export interface Verdict {
  /** Who is ahead, by how much, and how sure that is. */
  readonly sentence: string;
  readonly leader: string;
  readonly second: string;
  readonly sure: boolean;
}

/** Chance up to which an order counts as sure, as usual in the field. */
const level = 0.05;

/**
 * Compares the two arms that are ahead of the others.
 * @param leader @param second the arm that is ahead and the next
 * @param probability that a run of the first has a higher score than one of the second
 */
export function verdict(leader: Judged, second: Judged, probability: Interval): Verdict {
  const chance = chanceOfOrder(leader.runs, second.runs);
  const isAhead = probability.low > 0.5;
  const sure = isAhead && chance <= level;
  const isLevel = leader.iqm && second.iqm ? leader.iqm.estimate === second.iqm.estimate : probability.estimate === 0.5;
  const iqm = leader.iqm && second.iqm ? `IQM ${withInterval(leader.iqm)} against ${withInterval(second.iqm)}; ` : '';
  const certainty =
    chance > level
      ? `${seeds(leader, second)}: too few to be sure`
      : `${seeds(leader, second)}: ${sure ? 'enough to be sure' : 'the order may be chance'}`;
  return {
    sentence:
      `${leader.name} ${isLevel ? 'and' : 'is ahead of'} ${second.name}${isLevel ? ' are level' : ''}: ${iqm}` +
      `probability of improvement ${withInterval(probability, (value) => value.toFixed(2))}; ${certainty}.`,
    ...{ leader: leader.name, second: second.name, sure },
  };
}

/**
 * How likely it is that all runs of one of two equal arms, no matter which, have higher scores than all of the other,
 * in every game: the least that an exact test could report. Games' runs are drawn independently.
 */
export function chanceOfOrder(x: readonly number[], y: readonly number[]): number {
  return Math.min(1, 2 * x.reduce((chance, runs, game) => chance / choose(runs + (y[game] as number), runs), 1));
}

/** Ways to choose k of n. */
function choose(n: number, k: number): number {
  return Array.from({ length: k }, (_, i) => (n - i) / (k - i)).reduce((product, factor) => product * factor, 1);
}

function seeds(...arms: readonly Judged[]): string {
  const counts = arms.flatMap(({ runs }) => runs);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  return `${fewest === most ? fewest : `${fewest} to ${most}`} seed${most === 1 ? '' : 's'}`;
}

/** "12.3 [10.1, 14.0]" */
export function withInterval({ estimate, low, high }: Interval, text: (value: number) => string = score): string {
  return `${text(estimate)} [${text(low)}, ${text(high)}]`;
}
