import * as tf from '@tensorflow/tfjs';
import type { Parameters, ParameterSpec } from '../../agents/parameters.ts';
import { Random } from '../../agents/random.ts';

// Networks written as loops over numbers, in float64, to compare with.

/** (height, width, channels), row-major. */
export interface Volume {
  readonly size: number;
  readonly channels: number;
  readonly values: Float64Array;
}

export const volume = (size: number, channels: number): Volume => ({
  ...{ size, channels },
  values: new Float64Array(size * size * channels),
});

const elu = (x: number): number => (x > 0 ? x : Math.expm1(x));

/** Weights (4, 4, channels in, channels out); each window's first row and column are one outside the picture. */
export function convolved(x: Volume, weights: Float32Array, bias: Float32Array): Volume {
  const y = volume(x.size / 2, bias.length);
  each(y.size, (row, column, ky, kx) => {
    const [atY, atX] = [2 * row + ky - 1, 2 * column + kx - 1];
    if (atY < 0 || atY >= x.size || atX < 0 || atX >= x.size) return;
    for (let i = 0; i < x.channels; i++)
      for (let o = 0; o < y.channels; o++)
        add(y, row, column, o, get(x, atY, atX, i) * at(weights, ((ky * 4 + kx) * x.channels + i) * y.channels + o));
  });
  return activated(y, bias);
}

/** Weights (4, 4, channels out, channels in): what lies in a place goes to a window around it. */
export function convolvedBack(x: Volume, weights: Float32Array, bias: Float32Array): Volume {
  const y = volume(x.size * 2, bias.length);
  each(x.size, (row, column, ky, kx) => {
    const [atY, atX] = [2 * row + ky - 1, 2 * column + kx - 1];
    if (atY < 0 || atY >= y.size || atX < 0 || atX >= y.size) return;
    for (let i = 0; i < x.channels; i++)
      for (let o = 0; o < y.channels; o++)
        add(y, atY, atX, o, get(x, row, column, i) * at(weights, ((ky * 4 + kx) * y.channels + o) * x.channels + i));
  });
  return activated(y, bias);
}

/** Weights (inputs, outputs). */
export function product(x: Float64Array, weights: Float32Array, bias: Float32Array): Float64Array {
  const width = bias.length;
  return Float64Array.from({ length: width }, (_, o) =>
    x.reduce((sum, value, i) => sum + value * at(weights, i * width + o), at(bias, o)),
  );
}

export const activate = (x: Float64Array): Float64Array => x.map(elu);

/** Tensors of random numbers of the parameters' shapes, and their values. */
export function drawnParameters(specs: readonly ParameterSpec[]): {
  tensors: Parameters;
  values: Record<string, Float32Array>;
} {
  const random = new Random(1);
  const values = Object.fromEntries(
    specs.map(({ name, shape }) => [
      name,
      Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => 0.1 * random.normal()),
    ]),
  );
  const tensors = Object.fromEntries(
    specs.map(({ name, shape }) => [name, tf.tensor(values[name] as Float32Array, [...shape])]),
  );
  return { tensors, values };
}

function activated(y: Volume, bias: Float32Array): Volume {
  return { ...y, values: y.values.map((value, i) => elu(value + at(bias, i % y.channels))) };
}

/** Every place of a picture with every offset into a window of 4x4. */
function each(size: number, visit: (row: number, column: number, ky: number, kx: number) => void): void {
  for (let place = 0; place < size * size; place++)
    for (let k = 0; k < 16; k++) visit(Math.floor(place / size), place % size, k >> 2, k & 3);
}

const at = (values: Float32Array, i: number): number => values[i] as number;

function get({ size, channels, values }: Volume, y: number, x: number, channel: number): number {
  return values[(y * size + x) * channels + channel] as number;
}

function add({ size, channels, values }: Volume, y: number, x: number, channel: number, value: number): void {
  const place = (y * size + x) * channels + channel;
  values[place] = (values[place] as number) + value;
}
