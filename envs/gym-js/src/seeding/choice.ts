import { bounded, boundedDraws } from './bounded.ts';
import type { Pcg64 } from './pcg64.ts';

/** `size` of the indices 0..count-1, each as likely as another, none twice (NumPy's `choice` with `replace=False`). */
export function distinctIndices(bits: Pcg64, count: number, size: number): number[] {
  if (count > 10_000 && size > Math.floor(count / 50)) {
    const indices = Array.from({ length: count }, (_, i) => i);
    shuffleFrom(bits, indices, Math.max(count - size, 1));
    return indices.slice(count - size);
  }
  // Robert Floyd's method.
  const chosen = new Set<number>();
  for (let last = count - size; last < count; last++) {
    const index = bounded(bits, last);
    chosen.add(chosen.has(index) ? last : index);
  }
  const indices = [...chosen];
  shuffleFrom(bits, indices, 1);
  return indices;
}

/** `size` of the indices 0..count-1, each as likely as another, repeated or not. */
export function indices(bits: Pcg64, count: number, size: number): number[] {
  const draw = boundedDraws(bits, count - 1, 64);
  return Array.from({ length: size }, draw);
}

/** `size` indices drawn with the given probabilities; any may come again. */
export function weightedIndices(bits: Pcg64, probabilities: ArrayLike<number>, size: number): number[] {
  const sums = cumulative(probabilities);
  return Array.from({ length: size }, () => firstAbove(sums, bits.double()));
}

/** The same without repetition: rounds of draws, each round without what the rounds before it found. */
export function distinctWeightedIndices(bits: Pcg64, probabilities: ArrayLike<number>, size: number): number[] {
  const left = Float64Array.from(probabilities);
  const found = new Set<number>();
  while (found.size < size) {
    for (const index of found) left[index] = 0;
    const sums = cumulative(left);
    const draws = Array.from({ length: size - found.size }, () => bits.double());
    for (const draw of draws) found.add(firstAbove(sums, draw));
  }
  return [...found];
}

/** Fisher and Yates' shuffle of all but the elements before `first`. */
function shuffleFrom(bits: Pcg64, items: number[], first: number): void {
  for (let i = items.length - 1; i >= first; i--) {
    const j = bounded(bits, i);
    [items[i], items[j]] = [items[j] as number, items[i] as number];
  }
}

/** Sums of the first 1, 2, ... probabilities, the last of them 1. */
function cumulative(probabilities: ArrayLike<number>): Float64Array {
  let sum = 0;
  const sums = Float64Array.from(probabilities, (probability) => (sum += probability));
  return sums.map((partial) => partial / sum);
}

function firstAbove(sums: Float64Array, draw: number): number {
  let [low, high] = [0, sums.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sums[middle] as number) <= draw) low = middle + 1;
    else high = middle;
  }
  return low;
}
