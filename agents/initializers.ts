import type { Random } from './random.ts';

/** Makes the first values of a parameter of the given shape, in row-major order. */
export type Initializer = (shape: readonly number[], random: Random) => Float32Array;

export const zeros: Initializer = (shape) => new Float32Array(product(shape));

/** Normal with mean 0 and the given standard deviation. */
export function normal(deviation: number): Initializer {
  return (shape, random) => Float32Array.from({ length: product(shape) }, () => deviation * random.normal());
}

/** Uniform in [-limit, limit). */
export function uniform(limit: number): Initializer {
  return (shape, random) => Float32Array.from({ length: product(shape) }, () => limit * (2 * random.uniform() - 1));
}

/**
 * An orthogonal matrix times `gain` (Saxe et al. 2013, arXiv 1312.6120), as `torch.nn.init.orthogonal_` makes it: the
 * last axis is one side of the matrix, all others together the other; the shorter side's vectors are orthonormal.
 */
export function orthogonal(gain: number): Initializer {
  return (shape, random) => {
    const columns = shape.at(-1) ?? 1;
    const rows = product(shape) / columns;
    const tall = rows >= columns;
    const [length, count] = tall ? [rows, columns] : [columns, rows];
    const vectors = orthonormalVectors(count, length, random);
    const matrix = new Float32Array(rows * columns);
    for (let i = 0; i < count; i++) {
      const vector = vectors[i] as Float64Array;
      for (let j = 0; j < length; j++) matrix[tall ? j * columns + i : i * columns + j] = gain * (vector[j] as number);
    }
    return matrix;
  };
}

/** One initialiser per slice of the first axis: for weights that hold one matrix per module. */
export function perModule(initializer: Initializer): Initializer {
  return ([modules = 0, ...rest], random) => {
    const size = product(rest);
    const all = new Float32Array(modules * size);
    for (let i = 0; i < modules; i++) all.set(initializer(rest, random), i * size);
    return all;
  };
}

/** `count` orthonormal vectors of the given length from normal draws, by modified Gram-Schmidt in float64. */
function orthonormalVectors(count: number, length: number, random: Random): Float64Array[] {
  const vectors: Float64Array[] = [];
  for (let i = 0; i < count; i++) {
    const vector = Float64Array.from({ length }, () => random.normal());
    for (const earlier of vectors) removeProjection(vector, earlier);
    let norm = 0;
    for (let j = 0; j < length; j++) norm += (vector[j] as number) ** 2;
    const scale = 1 / Math.sqrt(norm);
    for (let j = 0; j < length; j++) vector[j] = (vector[j] as number) * scale;
    vectors.push(vector);
  }
  return vectors;
}

function removeProjection(vector: Float64Array, unit: Float64Array): void {
  let [even, odd] = [0, 0]; // two sums: one would wait for itself at every addition
  for (let j = 0; j + 1 < vector.length; j += 2) {
    even += (vector[j] as number) * (unit[j] as number);
    odd += (vector[j + 1] as number) * (unit[j + 1] as number);
  }
  if (vector.length % 2 === 1) even += (vector.at(-1) as number) * (unit.at(-1) as number);
  const dot = even + odd;
  for (let j = 0; j < vector.length; j++) vector[j] = (vector[j] as number) - dot * (unit[j] as number);
}

function product(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
