import type * as tf from '@tensorflow/tfjs';
import type { Initializer } from './initializers.ts';
import type { Kernels } from './kernels/index.ts';
import type { Random } from './random.ts';

/** One parameter of a network: its name, its shape, and how its first values are made. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initializer: Initializer;
}

/** Parameters by name. */
export type Parameters = Readonly<Record<string, tf.Tensor>>;

interface Placed extends ParameterSpec {
  readonly offset: number;
  readonly size: number;
}

/**
 * Where each parameter of a network lies in its one flat vector, in the order of the specifications.
 * Clipping, Adam, checkpoints and bundles work on that vector alone.
 */
export class ParameterLayout {
  readonly placed: readonly Placed[];
  /** Number of floats in the flat vector. */
  readonly size: number;
  readonly #kernels: Kernels;
  readonly #shapes: readonly (readonly number[])[];

  constructor(specs: readonly ParameterSpec[], kernels: Kernels) {
    this.#kernels = kernels;
    this.#shapes = specs.map(({ shape }) => shape);
    let offset = 0;
    this.placed = specs.map((spec) => {
      const size = spec.shape.reduce((a, b) => a * b, 1);
      const placed = { ...spec, offset, size };
      offset += size;
      return placed;
    });
    this.size = offset;
  }

  get names(): string[] {
    return this.placed.map(({ name }) => name);
  }

  /** First values of all parameters, (size). */
  initial(random: Random): Float32Array {
    const flat = new Float32Array(this.size);
    for (const { initializer, shape, offset } of this.placed) flat.set(initializer(shape, random), offset);
    return flat;
  }

  /** Cuts the flat vector (size) into tensors, in the layout's order. They may share its memory; dispose all. */
  split(flat: tf.Tensor1D): tf.Tensor[] {
    return this.#kernels.split(flat, this.#shapes);
  }

  /** Joins tensors in the layout's order to one flat vector (size). */
  join(tensors: readonly tf.Tensor[]): tf.Tensor1D {
    return this.#kernels.join(tensors);
  }

  /** Names the tensors of {@link ParameterLayout.split}. */
  named(tensors: readonly tf.Tensor[]): Parameters {
    return Object.fromEntries(this.placed.map(({ name }, i) => [name, tensors[i] as tf.Tensor]));
  }
}

/** The parameters whose names start with `prefix.`, without the prefix. */
export function scoped(parameters: Parameters, prefix: string): Parameters {
  const start = `${prefix}.`;
  return Object.fromEntries(
    Object.entries(parameters)
      .filter(([name]) => name.startsWith(start))
      .map(([name, tensor]) => [name.slice(start.length), tensor]),
  );
}

/** Puts `prefix.` before each name. */
export function prefixed(prefix: string, specs: readonly ParameterSpec[]): ParameterSpec[] {
  return specs.map((spec) => ({ ...spec, name: `${prefix}.${spec.name}` }));
}
