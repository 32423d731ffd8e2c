/** A number of about 106 bits, the exact sum of two float64; the second is below half a last bit of the first. */
export type DoubleDouble = readonly [high: number, low: number];

/** 2^27 + 1: splits a float64 into two halves whose products are exact (Dekker 1971). */
const splitter = 134_217_729;

/** a + b, exactly, for |a| >= |b|. */
function ordered(a: number, b: number): DoubleDouble {
  const high = a + b;
  return [high, b - (high - a)];
}

/** a + b, exactly. */
function sum(a: number, b: number): DoubleDouble {
  const high = a + b;
  const ofB = high - a;
  return [high, a - (high - ofB) + (b - ofB)];
}

/** a * b, exactly; |a| and |b| below 2^990. */
export function product(a: number, b: number): DoubleDouble {
  const high = a * b;
  const [a1, a2] = halves(a);
  const [b1, b2] = halves(b);
  return [high, a2 * b2 - (high - a1 * b1 - a2 * b1 - a1 * b2)];
}

function halves(a: number): DoubleDouble {
  const shifted = splitter * a;
  const high = shifted - (shifted - a);
  return [high, a - high];
}

export function add([a, aLow]: DoubleDouble, [b, bLow]: DoubleDouble): DoubleDouble {
  const [high, low] = sum(a, b);
  return ordered(high, low + (aLow + bLow));
}

export function multiply([a, aLow]: DoubleDouble, [b, bLow]: DoubleDouble): DoubleDouble {
  const [high, low] = product(a, b);
  return ordered(high, low + (a * bLow + aLow * b));
}

/** 1 / n for a whole number n. */
export function reciprocal(n: number): DoubleDouble {
  const high = 1 / n;
  const [back, backLow] = product(high, n);
  return [high, (1 - back - backLow) / n];
}
