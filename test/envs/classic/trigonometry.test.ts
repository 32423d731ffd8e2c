import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Generator } from 'gym-js';
import { cos, sin } from '../../../envs/classic/trigonometry.ts';

const bits = 400n;
const one = 1n << bits;

/** x in units of 2^-400, exactly. */
function fixed(x: number): bigint {
  let [mantissa, exponent] = [x, 0n];
  while (!Number.isInteger(mantissa)) [mantissa, exponent] = [mantissa * 2, exponent + 1n];
  return BigInt(mantissa) << (bits - exponent);
}

/** The series of sine (from = 1) or cosine (0) in whole numbers, and the float64 next to its sum. */
function nearest(x: number, from: 0 | 1): number {
  const at = fixed(x);
  let term = from === 1 ? at : one;
  let sum = 0n;
  for (let n = BigInt(from); term !== 0n; n += 2n) {
    sum += term;
    term = -(((term * at) >> bits) * at) / (one * (n + 1n) * (n + 2n));
  }
  return Number(sum) / 2 ** 400; // Number() rounds to the nearest
}

test('sine and cosine are the nearest float64', () => {
  const random = new Generator(12);
  const angles = [1e-6, 0.2, Math.PI, 9, 80].flatMap((range) =>
    Array.from({ length: 300 }, () => random.uniform(-range, range)),
  );
  for (let k = -20; k <= 20; k++) angles.push((k * Math.PI) / 4);
  for (const x of angles) {
    assert.equal(sin(x), nearest(x, 1), `sin(${x})`);
    assert.equal(cos(x), nearest(x, 0), `cos(${x})`);
  }
});

test("far out, and where there is no angle, they are the engine's", () => {
  for (const x of [1e6, -1e300, Infinity, NaN]) assert.deepEqual([sin(x), cos(x)], [Math.sin(x), Math.cos(x)]);
  assert.ok(Object.is(sin(-0), -0));
});
