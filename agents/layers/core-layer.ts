import * as tf from '@tensorflow/tfjs';
import type { Core } from '../cores/core.ts';
import { createCore } from '../cores/index.ts';
import type { CoreKind } from '../cores/options.ts';
import { lastStep } from '../cores/last-step.ts';
import { zeroStates } from '../cores/zero-states.ts';
import type { ParameterSpec } from '../parameters.ts';
import { Random } from '../random.ts';
import { UserError } from '../user-error.ts';
import { layerKernels } from './kernels.ts';
import { type Resolved, resolve } from './options.ts';

type Initializer = ReturnType<typeof tf.initializers.zeros>;

/**
 * A core as a layer of tfjs, where batches come first: (B, T, e) to the last step (B, size), or to all steps
 * (B, T, size). The core starts from zeros, or from states that are given after the input, (B, width) each.
 * In training, each call drops other values; the n-th call of a layer with the same seed drops the same.
 */
export abstract class CoreLayer extends tf.layers.Layer {
  readonly #kind: CoreKind;
  readonly #options: Resolved;
  readonly #dropout: Random;
  readonly #weights = new Map<string, tf.LayerVariable>();
  /** Width of the input it was built for, and the core for that. */
  #built: { readonly width: number; readonly core: Core } | undefined;

  /** @throws UserError where an option is missing, unknown, or not what it must be */
  constructor(kind: CoreKind, given: object = {}) {
    super(given);
    this.#kind = kind;
    this.#options = resolve(kind, given as Readonly<Record<string, unknown>>);
    this.#dropout = new Random(this.#options.sequence.seed);
  }

  /** Draws the first weights, in the order of the core's parameters, from a generator seeded with `seed`. */
  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const [input] = list(inputShape);
    const width = this.#widthOf(input);
    const core = this.#coreFor(width);
    const random = new Random(this.#options.sequence.seed);
    for (const spec of core.parameters) {
      const weight = this.addWeight(savedName(spec), [...spec.shape], 'float32', firstValues(spec, random));
      this.#weights.set(spec.name, weight);
    }
    this.#built = { width, core };
    super.build(inputShape);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    const shapes = list(inputShape);
    const { outputSize, stateWidths } = this.#checked(shapes);
    const [[batch = null, steps = null]] = shapes;
    const { returnSequences, returnState } = this.#options.sequence;
    const output = returnSequences ? [batch, steps, outputSize] : [batch, outputSize];
    return returnState ? [output, ...stateWidths.map((width) => [batch, width])] : output;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], { training }: { training?: boolean }): tf.Tensor | tf.Tensor[] {
    return tf.tidy(() => {
      const [input, ...given] = (Array.isArray(inputs) ? inputs : [inputs]) as [tf.Tensor3D, ...tf.Tensor2D[]];
      const core = this.#checked([input.shape, ...given.map(({ shape }) => shape)]);
      const [batch, steps] = input.shape;
      const states = given.length > 0 ? given : zeroStates(core, batch);
      const parameters = Object.fromEntries([...this.#weights].map(([name, weight]) => [name, weight.read()]));
      const x = swapped(tf.cast(input, 'float32'));
      const seed = training ? this.#dropout.integer(2 ** 31) : undefined;
      const result = core.sequence(parameters, x, states, tf.ones([steps, batch]), seed);
      const { returnSequences, returnState } = this.#options.sequence;
      const output = returnSequences ? swapped(result.output) : lastStep(result.output);
      return returnState ? [output, ...result.states.map(lastStep)] : output;
    });
  }

  /** All options, also those that were not given, so that other defaults do not change a layer that was saved. */
  override getConfig(): tf.serialization.ConfigDict {
    const { core, sequence } = this.#options;
    const { kind: _kind, ...options } = core;
    return { ...super.getConfig(), ...sequence, ...options } as tf.serialization.ConfigDict;
  }

  #coreFor(width: number): Core {
    return createCore(this.#options.core, layerKernels(), width);
  }

  /** The core, if inputs and states may have these shapes. @throws UserError if not */
  #checked([input, ...states]: [tf.Shape, ...tf.Shape[]]): Core {
    const width = this.#widthOf(input);
    if (this.#built && width !== this.#built.width)
      this.#refuse(`the input is ${width} wide, but the layer was built for a width of ${this.#built.width}`);
    const core = this.#built?.core ?? this.#coreFor(width);
    const [batch = null] = input;
    const expected = core.stateWidths.map((width) => [batch, width]);
    if (states.length > 0 && !sameShapes(states, expected))
      this.#refuse(`states have shapes ${shown(states)}; they must have ${shown(expected)}, or be left out`);
    return core;
  }

  #widthOf(shape: tf.Shape): number {
    const [, steps, width] = shape;
    if (shape.length === 3 && steps !== 0 && typeof width === 'number') return width;
    return this.#refuse(
      `the input has shape ${shown([shape])}; it must be (batch, steps, width), one step or more, a known width`,
    );
  }

  #refuse(reason: string): never {
    throw new UserError(`${this.#kind} layer "${this.name}": ${reason}`);
  }
}

/** Where the first weight's name begins with a digit, as BRIM's does, tfjs reads a saved model as one of Keras. */
function savedName({ name }: ParameterSpec): string {
  return name.replace(/^\d/, 'layer$&');
}

/** tfjs asks an initializer for nothing but its values. */
function firstValues({ initializer }: ParameterSpec, random: Random): Initializer {
  const apply = (shape: number[]): tf.Tensor => tf.tensor(initializer(shape, random), shape);
  return { apply } as unknown as Initializer;
}

/** (B, T, width) of (T, B, width), and the other way round. */
function swapped(x: tf.Tensor3D): tf.Tensor3D {
  return tf.transpose(x, [1, 0, 2]);
}

function list(shapes: tf.Shape | tf.Shape[]): [tf.Shape, ...tf.Shape[]] {
  return (Array.isArray(shapes[0]) ? shapes : [shapes]) as [tf.Shape, ...tf.Shape[]];
}

/** A size that is not known yet, null, goes with any. */
function sameShapes(shapes: readonly tf.Shape[], expected: readonly tf.Shape[]): boolean {
  const same = (a: number | null, b: number | null | undefined): boolean => a === null || b === null || a === b;
  return (
    shapes.length === expected.length &&
    shapes.every((shape, i) => {
      const other = expected[i] as tf.Shape;
      return shape.length === other.length && shape.every((size, axis) => same(size, other[axis]));
    })
  );
}

function shown(shapes: readonly tf.Shape[]): string {
  return shapes.map((shape) => `(${shape.map((size) => size ?? 'any').join(', ')})`).join(', ') || 'none';
}
