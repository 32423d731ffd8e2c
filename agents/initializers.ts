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

/**
 * `count` orthonormal vectors of the given length from normal draws, by modified Gram-Schmidt in float64. Vectors are
 * made two by two and freed from four earlier ones at a time: the processor then waits for memory a quarter as often.
 */
function orthonormalVectors(count: number, length: number, random: Random): Float64Array[] {
  const nothing = new Float64Array(length); // stands in where a group has fewer vectors
  const vectors: Float64Array[] = [];
  for (let i = 0; i < count; i += 2) {
    const drawn = Array.from({ length: Math.min(2, count - i) }, () =>
      new Float64Array(length).map(() => random.normal()),
    );
    const [first = nothing, second = nothing] = drawn;
    for (let j = 0; j < i; j += 4) {
      const [q0 = nothing, q1 = nothing, q2 = nothing, q3 = nothing] = vectors.slice(j, j + 4);
      removeProjections(first, second, q0, q1, q2, q3);
    }
    normalise(first);
    removeProjections(second, nothing, first, nothing, nothing, nothing);
    normalise(second);
    vectors.push(...drawn);
  }
  return vectors;
}

/** Takes from a and b what lies along q0 to q3, which are orthonormal or zero. */
function removeProjections(
  a: Float64Array,
  b: Float64Array,
  q0: Float64Array,
  q1: Float64Array,
  q2: Float64Array,
  q3: Float64Array,
): void {
  let [a0, a1, a2, a3] = [0, 0, 0, 0];
  let [b0, b1, b2, b3] = [0, 0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const x = a[i] as number;
    const y = b[i] as number;
    a0 += x * (q0[i] as number);
    a1 += x * (q1[i] as number);
    a2 += x * (q2[i] as number);
    a3 += x * (q3[i] as number);
    b0 += y * (q0[i] as number);
    b1 += y * (q1[i] as number);
    b2 += y * (q2[i] as number);
    b3 += y * (q3[i] as number);
  }
  for (let i = 0; i < a.length; i++) {
    const p0 = q0[i] as number;
    const p1 = q1[i] as number;
    const p2 = q2[i] as number;
    const p3 = q3[i] as number;
    a[i] = (a[i] as number) - (a0 * p0 + a1 * p1 + a2 * p2 + a3 * p3);
    b[i] = (b[i] as number) - (b0 * p0 + b1 * p1 + b2 * p2 + b3 * p3);
  }
}

/** To length 1; a vector of zeros stays one. */
function normalise(vector: Float64Array): void {
  let squares = 0;
  for (let i = 0; i < vector.length; i++) squares += (vector[i] as number) ** 2;
  const scale = 1 / Math.sqrt(squares || 1);
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] as number) * scale;
}

function product(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}
