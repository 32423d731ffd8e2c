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

/** Parameters of one part of a network, by name. */
export type Parameters = Readonly<Record<string, tf.Tensor>>;

interface Placed extends ParameterSpec {
  readonly offset: number;
  readonly size: number;
}

/**
 * Where each parameter of a network lies in its one flat vector: part after part, in the order of the specifications.
 * A parameter is called by its part and its name in it, as `torso.w0`.
 * Clipping, Adam, checkpoints and bundles work on that vector alone.
 */
export class ParameterLayout<Part extends string = string> {
  readonly placed: readonly Placed[];
  /** Number of floats in the flat vector. */
  readonly size: number;
  readonly #kernels: Kernels;
  readonly #parts: readonly (readonly [part: string, names: readonly string[]])[];
  readonly #shapes: readonly (readonly number[])[];

  constructor(parts: Readonly<Record<Part, readonly ParameterSpec[]>>, kernels: Kernels) {
    const entries = Object.entries<readonly ParameterSpec[]>(parts);
    const specs = entries.flatMap(([part, own]) => own.map((spec) => ({ ...spec, name: `${part}.${spec.name}` })));
    this.#kernels = kernels;
    this.#parts = entries.map(([part, own]) => [part, own.map(({ name }) => name)]);
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

  /** Names the tensors of {@link ParameterLayout.split}, part by part. */
  named(tensors: readonly tf.Tensor[]): Readonly<Record<Part, Parameters>> {
    let next = 0;
    const named = this.#parts.map(([part, names]) => [
      part,
      Object.fromEntries(names.map((name) => [name, tensors[next++] as tf.Tensor])),
    ]);
    return Object.fromEntries(named) as Record<Part, Parameters>;
  }
}
