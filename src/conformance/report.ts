// Results as lines of text.
import type { AleResult } from './ale.ts';
import type { RimCheck } from './rim.ts';

/** A line per trace; `games` are all that may come, for the width of their column. */
export function aleLine(result: AleResult, games: readonly string[]): string {
  const { kind, game, repeatActionProbability, seed, length, unit, difference } = result;
  return line(difference, [
    game.padEnd(widest(games)),
    kind.padEnd('preprocessed'.length),
    `sticky ${repeatActionProbability}`.padEnd('sticky 0.25'.length),
    `seed ${seed}`,
    `${String(length).padStart(6)} ${unit}`,
  ]);
}

/** A line per case and kernels; `names` are all that may come. */
export function rimLine(result: RimCheck, names: readonly string[]): string {
  const { kind, name, kernels, isStoodIn, tensors, worst, difference } = result;
  return line(difference, [
    name.padEnd(widest(names)),
    kind.padEnd('brim'.length),
    kernels.padEnd('portable'.length),
    `${String(tensors).padStart(3)} tensors`,
    (worst === null ? 'no numbers' : `at most ${worst.toExponential(1)} of a tensor's largest value off`) +
      (isStoodIn ? ' (computed by the portable ones: too many modules or elements)' : ''),
  ]);
}

/** The last line. */
export function summaryLine(results: readonly { readonly difference: string | null }[]): string {
  const { passed, failed } = counts(results);
  return `${passed} passed, ${failed} failed`;
}

export function counts(results: readonly { readonly difference: string | null }[]): { passed: number; failed: number } {
  const failed = results.filter(({ difference }) => difference !== null).length;
  return { passed: results.length - failed, failed };
}

function line(difference: string | null, columns: readonly string[]): string {
  const text = [difference === null ? 'ok  ' : 'FAIL', ...columns].join('  ').trimEnd();
  return difference === null ? text : `${text}: ${difference}`;
}

function widest(texts: readonly string[]): number {
  return Math.max(...texts.map((text) => text.length));
}
