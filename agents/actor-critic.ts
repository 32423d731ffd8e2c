import * as tf from '@tensorflow/tfjs';
import type { Activation, Core } from './cores/core.ts';
import { createCore } from './cores/index.ts';
import type { CoreOptions } from './cores/options.ts';
import { orthogonal, zeros } from './initializers.ts';
import type { Kernels, LinearParameters } from './kernels/index.ts';
import { ParameterLayout, type Parameters, type ParameterSpec } from './parameters.ts';
import { mlp } from './torsos/mlp.ts';
import { natureCnn } from './torsos/nature-cnn.ts';
import type { Torso } from './torsos/torso.ts';
import { UserError } from './user-error.ts';

/** All that determines the network. Of the environment: the shape of an observation and the number of actions. */
export interface AgentOptions {
  /** [84, 84, frames] for uint8 pictures, [length] for float32 vectors. */
  readonly observationShape: readonly number[];
  readonly observationType: 'uint8' | 'float32';
  /** Number of discrete actions A. */
  readonly actions: number;
  /** Width of the torso's last layer. */
  readonly features: number;
  readonly core: CoreOptions;
}

export type NetworkPart = 'torso' | 'core' | 'policy' | 'value';
/** The network's parameters, part by part. */
export type NetworkParameters = Readonly<Record<NetworkPart, Parameters>>;

/** Which modules were active in a step of B sequences, 1 or 0, and their attention to null; (B, n) each. */
export interface StepActivation {
  readonly active: Float32Array;
  readonly nullAttention: Float32Array;
}

/** What the network says about a batch of single steps; plain arrays, row-major. */
export interface Decision {
  /** (B, A), not normalised. */
  readonly logits: Float32Array;
  /** (B) */
  readonly values: Float32Array;
  /** (B, width) each: the core's states after this step. */
  readonly states: readonly Float32Array[];
  /** (B, outputSize): what the core gave the heads. May be the same array as one of `states`. */
  readonly hidden: Float32Array;
  /** Only of cores made of modules. */
  readonly activation?: StepActivation;
}

/**
 * What the network says about sequences; tensors, differentiable with respect to the parameters.
 * Rows are time-major: row t * B + b.
 */
export interface SequenceOutput {
  /** (T * B, A) */
  readonly logits: tf.Tensor2D;
  /** (T * B) */
  readonly values: tf.Tensor1D;
  readonly activation?: Activation;
}

/**
 * A torso, a core and two linear heads: logits of the policy and the value.
 * Holds the layout of the parameters, not their values.
 */
export class ActorCritic {
  readonly layout: ParameterLayout<NetworkPart>;
  readonly core: Core;
  readonly options: AgentOptions;
  readonly #torso: Torso;
  readonly #kernels: Kernels;

  constructor(options: AgentOptions, kernels: Kernels) {
    this.options = options;
    this.#kernels = kernels;
    this.#torso = createTorso(options, kernels);
    this.core = createCore(options.core, kernels, this.#torso.outputSize);
    const parameters = {
      torso: this.#torso.parameters,
      core: this.core.parameters,
      policy: head(this.core.outputSize, options.actions, 0.01),
      value: head(this.core.outputSize, 1, 1),
    };
    this.layout = new ParameterLayout(parameters, kernels);
  }

  /**
   * Turns observations (N, ...shape) in a typed array into a tensor that {@link ActorCritic.evaluate} takes.
   * The caller disposes it.
   */
  observationTensor(data: Uint8Array | Float32Array, count: number): tf.Tensor {
    const shape = [count, ...this.options.observationShape];
    if (data instanceof Float32Array) return tf.tensor(data, shape, 'float32');
    return this.#kernels.uint8Tensor(data, shape);
  }

  /**
   * Whole sequences, for learning.
   * @param observations (T * B, ...shape)
   * @param states (B, width) each, before the first step
   * @param keep (T, B): 0 where the state is reset before that step, else 1
   */
  evaluate(
    parameters: NetworkParameters,
    observations: tf.Tensor,
    states: readonly tf.Tensor2D[],
    keep: tf.Tensor2D,
  ): SequenceOutput {
    const [steps, batch] = keep.shape;
    const features = this.#torso.apply(parameters.torso, observations);
    const x: tf.Tensor3D = tf.reshape(features, [steps, batch, this.#torso.outputSize]);
    const { output, activation } = this.core.sequence(parameters.core, x, states, keep);
    return { ...this.#heads(parameters, output), ...(activation && { activation }) };
  }

  /**
   * One step of B sequences, for acting.
   * @param observations (B, ...shape) @param states (B, width) each @param keep (B)
   */
  act(
    parameters: NetworkParameters,
    observations: Uint8Array | Float32Array,
    states: readonly Float32Array[],
    keep: Float32Array,
  ): Decision {
    const batch = keep.length;
    const tensors = tf.tidy(() => {
      const features = this.#torso.apply(parameters.torso, this.observationTensor(observations, batch));
      const x: tf.Tensor3D = tf.reshape(features, [1, batch, this.#torso.outputSize]);
      const before = states.map((state) => tf.tensor2d(state, [batch, state.length / batch]));
      const result = this.core.sequence(parameters.core, x, before, tf.tensor2d(keep, [1, batch]));
      const { output: hidden, activation } = result;
      return { ...this.#heads(parameters, hidden), hidden, states: [...result.states], ...activation };
    });
    const arrays = new Map<tf.Tensor, Float32Array>(); // each tensor is read once
    const read = (tensor: tf.Tensor): Float32Array => {
      const array = arrays.get(tensor) ?? (tensor.dataSync() as Float32Array);
      arrays.set(tensor, array);
      return array;
    };
    const { active, nullAttention } = tensors;
    const decision: Decision = {
      logits: read(tensors.logits),
      values: read(tensors.values),
      states: tensors.states.map(read),
      hidden: read(tensors.hidden),
      ...(active && nullAttention && { activation: { active: read(active), nullAttention: read(nullAttention) } }),
    };
    tf.dispose(tensors);
    return decision;
  }

  #heads(parameters: NetworkParameters, hidden: tf.Tensor3D): { logits: tf.Tensor2D; values: tf.Tensor1D } {
    const { policy, value } = parameters as Readonly<Record<'policy' | 'value', Parameters & LinearParameters>>;
    return this.#kernels.heads(hidden, policy, value);
  }
}

/** A linear layer whose weights are orthogonal times `gain`: 0.01 makes the first policy nearly uniform. */
function head(inputSize: number, outputSize: number, gain: number): ParameterSpec[] {
  return [
    { name: 'weights', shape: [inputSize, outputSize], initializer: orthogonal(gain) },
    { name: 'bias', shape: [outputSize], initializer: zeros },
  ];
}

function createTorso({ observationShape, observationType, features }: AgentOptions, kernels: Kernels): Torso {
  const [height, width, channels] = observationShape;
  const isPicture = observationType === 'uint8' && observationShape.length === 3;
  if (isPicture && height === 84 && width === 84) return natureCnn(kernels, channels as number, features);
  if (observationType === 'float32' && observationShape.length === 1) return mlp(height as number, features);
  const shape = observationShape.join('x');
  throw new UserError(
    `no network for ${observationType} observations of shape ${shape}: ` +
      'there are one for uint8 pictures of 84x84 and one for float32 vectors',
  );
}
