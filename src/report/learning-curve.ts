import { max, mean } from 'simple-statistics';
import { type EpisodeLine, scoreWindow } from '../runs/index.ts';

/** The mean score of up to the last 100 games, after each game. */
export interface CurvePoint {
  readonly agentStep: number;
  readonly meanScore: number;
}

/** One point per finished game. */
export function learningCurve(episodes: readonly Pick<EpisodeLine, 'agentStep' | 'score'>[]): CurvePoint[] {
  return episodes.map(({ agentStep }, i) => {
    const window = episodes.slice(Math.max(0, i + 1 - scoreWindow), i + 1);
    return { agentStep, meanScore: mean(window.map(({ score }) => score)) };
  });
}

/** The mean at an agent step: that after the last game which had ended by then; null before the first. */
export function valueAt(curve: readonly CurvePoint[], agentStep: number): number | null {
  let [low, high] = [0, curve.length]; // the first point after the step lies in between
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((curve[middle] as CurvePoint).agentStep <= agentStep) low = middle + 1;
    else high = middle;
  }
  return curve[low - 1]?.meanScore ?? null;
}

/** The best mean. Means of fewer games than a whole window are luck: they count only where there are no others. */
export function bestMean(curve: readonly CurvePoint[]): number | null {
  const steady = curve.length >= scoreWindow ? curve.slice(scoreWindow - 1) : curve;
  return steady.length > 0 ? max(steady.map(({ meanScore }) => meanScore)) : null;
}

/** Five to ten round numbers up to `agentSteps`, evenly spaced, such as 100,000, 200,000, ... */
export function roundSteps(agentSteps: number): number[] {
  // A run ends a little after its round number, with the rollout under way: its stretches are those of the number.
  const stride = roundNumber(agentSteps / 10.5);
  return Array.from({ length: Math.floor(agentSteps / stride) }, (_, i) => (i + 1) * stride);
}

/** The smallest of 1, 2, 5, 10, 20, 50, ... that is not below `value`. */
function roundNumber(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return [1, 2, 5, 10].map((factor) => factor * power).find((round) => round >= value) ?? power;
}
