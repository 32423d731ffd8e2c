import assert from 'node:assert/strict';
import type { Random } from '../../../agents/random.ts';
import type { ActivationStatistics, ModuleActivation } from '../../../src/activation/forms.ts';

/** Units, modules, and how many of these are active. */
export const [width, n, k] = [12, 4, 2];

/** One step of a game or a sequence. */
export interface Step {
  readonly hidden: number[];
  readonly active: number[];
  readonly nullAttention: number[];
}

export function randomStep(random: Random): Step {
  const chosen = random.shuffle([0, 1, 2]).slice(0, k); // module 3 is never chosen
  return {
    hidden: Array.from({ length: width }, () => Math.fround(random.normal() * 0.02)),
    active: Array.from({ length: n }, (_, module) => Number(chosen.includes(module))),
    nullAttention: Array.from({ length: n }, () => Math.fround(random.uniform())),
  };
}

export const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / Math.max(values.length, 1);
const set = (step: Step): Set<number> => new Set(step.active.flatMap((on, module) => (on ? [module] : [])));

/** Modules active now that were not in the step before. */
export const swapped = (before: Step, now: Step): number =>
  [...set(now)].filter((module) => !set(before).has(module)).length;

/** The definitions, read word by word, over a list of games or sequences. */
export function slowStatistics(games: Step[][]): ModuleActivation {
  const steps = games.flat();
  const modules = [0, 1, 2, 3];
  const shares = modules.map((module) => steps.filter((step) => set(step).has(module)).length / steps.length);
  const swaps = games.flatMap((game) => game.slice(1).map((step, i) => swapped(game[i] as Step, step)));
  return {
    modules: n,
    active: k,
    shares,
    attention: modules.map((module) => mean(steps.map((step) => 1 - (step.nullAttention[module] as number)))),
    entropy: modules
      .map((module) => (shares[module] as number) / k)
      .reduce((sum, p) => sum - (p > 0 ? p * Math.log(p) : 0), 0),
    swaps: mean(swaps),
    neverChosen: modules.filter((module) => !steps.some((step) => set(step).has(module))),
    nearZero: mean(steps.flatMap((step) => step.hidden.map((value) => (Math.abs(value) < 0.01 ? 1 : 0)))),
  };
}

export function near(found: ActivationStatistics, expected: ModuleActivation, tolerance = 1e-12): void {
  assert.deepEqual(Object.keys(found).sort(), Object.keys(expected).sort());
  for (const [name, value] of Object.entries(expected)) {
    const other = [found[name as keyof typeof found]].flat() as number[];
    assert.equal(other.length, [value].flat().length, name);
    [value]
      .flat()
      .forEach((number, i) =>
        assert.ok(Math.abs(number - (other[i] as number)) <= tolerance, `${name}: ${other} for ${value}`),
      );
  }
}
