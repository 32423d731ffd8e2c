import { add, type DoubleDouble, multiply, product, reciprocal } from './double-double.ts';

// JavaScript leaves the last bits of sines to its engine; V8's are off in one of fifty. Where a small difference grows,
// as in Acrobot, an episode would depend on the engine, and part from Gymnasium's, whose C library is off in one of a
// thousand. These are off in none that was tried.

/** pi / 2 to 160 bits. */
const quarter = [Math.PI / 2, 6.123233995736766e-17, -1.4973849048591833e-33] as const;
/** Farther out the engine's own functions are taken: no environment goes there. */
const furthest = 1e5;

/** 1/n!, with the sign of the series of sine and cosine, for n = 0, 1, 2, ... */
const coefficients: readonly DoubleDouble[] = Array.from({ length: 26 }, (_, n) => {
  let factorial = 1;
  for (let i = 2; i <= n; i++) factorial *= i;
  const [high, low] = reciprocal(factorial);
  return n % 4 < 2 ? [high, low] : [-high, -low];
});

/** The float64 next to the sine of x radians. */
export function sin(x: number): number {
  return Math.abs(x) < furthest ? quadrant(x, 0) : Math.sin(x);
}

/** The float64 next to the cosine of x radians. */
export function cos(x: number): number {
  return Math.abs(x) < furthest ? quadrant(x, 1) : Math.cos(x);
}

/** The sine of x plus `shift` quarter turns. */
function quadrant(x: number, shift: 0 | 1): number {
  const turns = Math.round(x / quarter[0]);
  const [high, middle, low] = quarter;
  let rest: DoubleDouble = [x, 0];
  if (turns !== 0) {
    rest = add(rest, product(-turns, high));
    rest = add(rest, product(-turns, middle));
    rest = add(rest, [-turns * low, 0]);
  }
  const which = (((turns + shift) % 4) + 4) % 4;
  const value = which % 2 === 0 ? odd(rest) : even(rest);
  return which < 2 ? value : -value;
}

/** Sine of -pi/4 to pi/4. */
function odd(x: DoubleDouble): number {
  if (x[0] === 0) return x[0];
  const square = multiply(x, x);
  const [high, low] = add(x, multiply(multiply(x, square), series(square, 3)));
  return high + low;
}

/** Cosine of -pi/4 to pi/4. */
function even(x: DoubleDouble): number {
  const square = multiply(x, x);
  const [high, low] = add([1, 0], multiply(square, series(square, 2)));
  return high + low;
}

/** The series from 1/first! on, in powers of the square: its small terms in float64, the first four in twice that. */
function series(square: DoubleDouble, first: number): DoubleDouble {
  let tail = 0;
  for (let n = first + 22; n >= first + 8; n -= 2) tail = tail * square[0] + (coefficients[n] as DoubleDouble)[0];
  let total: DoubleDouble = [tail, 0];
  for (let n = first + 6; n >= first; n -= 2) {
    total = add(coefficients[n] as DoubleDouble, multiply(total, square));
  }
  return total;
}
