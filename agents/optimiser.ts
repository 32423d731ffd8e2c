import * as tf from '@tensorflow/tfjs';
import type { Kernels } from './kernels/index.ts';
import type { ParameterLayout, Parameters } from './parameters.ts';
import type { Random } from './random.ts';
import { UserError } from './user-error.ts';

/** All that the optimiser changes; flat vectors of the layout's size. */
export interface OptimiserState {
  readonly parameters: Float32Array;
  /** Adam's first and second moments, and the number of steps it has made. */
  readonly m: Float32Array;
  readonly v: Float32Array;
  readonly adamStep: number;
}

export interface OptimiserSettings {
  /** Global norm to which gradients are clipped. */
  readonly maxGradNorm: number;
  readonly adamEpsilon: number;
}

/** A network's parameters, and how they get better: clipping to a global norm and Adam, on one flat vector. */
export class Optimiser<Part extends string> {
  readonly #layout: ParameterLayout<Part>;
  readonly #kernels: Kernels;
  readonly #settings: OptimiserSettings;
  #flat: { parameters: tf.Tensor1D; m: tf.Tensor1D; v: tf.Tensor1D };
  #adamStep: number;
  /** The flat parameters cut into the layout's tensors. */
  #tensors: tf.Tensor[];
  #gradients: tf.Tensor1D | undefined;

  /** @param start first values, or where to go on */
  constructor(layout: ParameterLayout<Part>, kernels: Kernels, settings: OptimiserSettings, start: OptimiserState) {
    this.#layout = layout;
    this.#kernels = kernels;
    this.#settings = settings;
    this.#flat = { parameters: tf.tensor1d(start.parameters), m: tf.tensor1d(start.m), v: tf.tensor1d(start.v) };
    this.#adamStep = start.adamStep;
    this.#tensors = layout.split(this.#flat.parameters);
  }

  /** The parameters by part and name; valid until the next step. */
  get parameters(): Readonly<Record<Part, Parameters>> {
    return this.#layout.named(this.#tensors);
  }

  /** Copies everything out, for a checkpoint. */
  state(): OptimiserState {
    const read = (tensor: tf.Tensor): Float32Array => (tensor.dataSync() as Float32Array).slice();
    const { parameters, m, v } = this.#flat;
    return { parameters: read(parameters), m: read(m), v: read(v), adamStep: this.#adamStep };
  }

  /**
   * One step down the gradient of a loss.
   * @param loss called once, on a gradient tape; what it wants to keep beside the loss it keeps itself (`tf.keep`)
   * @returns the loss, and the gradient's global norm before clipping
   * @throws UserError naming the step, and the parameter whose gradient is no number; the parameters are then useless
   */
  step(
    loss: (parameters: Readonly<Record<Part, Parameters>>) => tf.Scalar,
    learningRate: number,
  ): { loss: number; norm: number } {
    const layout = this.#layout;
    const { value, gradients } = tf.tidy(() => {
      const { value, grads } = tf.valueAndGrads((...tensors: tf.Tensor[]) => loss(layout.named(tensors)))(
        this.#tensors,
      );
      return { value, gradients: layout.join(grads) };
    });
    const { maxGradNorm, adamEpsilon } = this.#settings;
    const stepped = this.#kernels.clipAdam({
      ...this.#flat,
      gradients,
      learningRate,
      step: this.#adamStep + 1,
      maxNorm: maxGradNorm,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: adamEpsilon,
    });
    const result = { loss: value.dataSync()[0] as number, norm: stepped.norm.dataSync()[0] as number };
    tf.dispose([value, stepped.norm, this.#flat, this.#tensors, this.#gradients ?? []]);
    this.#adamStep += 1;
    this.#gradients = gradients;
    this.#flat = { parameters: stepped.parameters, m: stepped.m, v: stepped.v };
    this.#tensors = layout.split(stepped.parameters);
    this.#checkFinite(result);
    return result;
  }

  /** L2 norm of the last gradient with respect to each parameter, by name; empty before the first step. */
  gradientNorms(): Record<string, number> {
    const gradients = this.#gradients?.dataSync() as Float32Array | undefined;
    if (!gradients) return {};
    const norm = (offset: number, size: number): number =>
      Math.sqrt(gradients.subarray(offset, offset + size).reduce((sum, g) => sum + g * g, 0));
    return Object.fromEntries(this.#layout.placed.map(({ name, offset, size }) => [name, norm(offset, size)]));
  }

  dispose(): void {
    tf.dispose([this.#flat, this.#tensors, this.#gradients ?? []]);
  }

  #checkFinite({ loss, norm }: { loss: number; norm: number }): void {
    if (Number.isFinite(loss) && Number.isFinite(norm)) return;
    const bad = Object.entries(this.gradientNorms()).filter(([, own]) => !Number.isFinite(own));
    const [first] = bad.map(([name]) => name);
    const others = bad.length > 1 ? ` and of ${bad.length - 1} more parameters` : '';
    const culprit =
      first === undefined ? 'the loss is not a number' : `the gradient of ${first}${others} is not a number`;
    throw new UserError(
      `training diverged at optimiser step ${this.#adamStep}: ${culprit}; the last checkpoint is from before it. ` +
        'Start a new run with a smaller --learning-rate',
    );
  }
}

/** Where a new network starts: drawn parameters, moments of zero. */
export function newOptimiserState(layout: ParameterLayout, random: Random): OptimiserState {
  const { size } = layout;
  return {
    parameters: layout.initial(random),
    m: new Float32Array(size),
    v: new Float32Array(size),
    adamStep: 0,
  };
}
