import type * as tf from '@tensorflow/tfjs';

/** Sizes and variant of a layer of Recurrent Independent Mechanisms (Goyal et al. 2019, arXiv 1909.10893). */
export interface RimSpec {
  /** n modules of m units each, k of them active in each step. */
  readonly modules: number;
  readonly units: number;
  readonly active: number;
  /** What an active module does with its state. A GRU has no c. */
  readonly rnn: 'lstm' | 'gru';
  /**
   * false: every module reads the mean of the elements' values, and null gets no attention. All modules must be active,
   * because nothing tells which to prefer.
   */
  readonly inputAttention: boolean;
  readonly inputHeads: number;
  /** Widths of one head's key and value in the attention over the input. */
  readonly inputKey: number;
  readonly inputValue: number;
  /** false: no module reads from another, and what says how they would has no effect. */
  readonly communication: boolean;
  readonly commHeads: number;
  /** Widths of one head's key and value in the communication between modules. */
  readonly commKey: number;
  readonly commValue: number;
  /** What communication reads of an inactive module: its unchanged `state`, or the `candidate` for its next one. */
  readonly readInactive: 'state' | 'candidate';
  /** false: h += z F + f; true: h += sigmoid(z G + g) tanh(z F + f). */
  readonly commGate: boolean;
}

/**
 * Parameters of a RIM layer. n, m as in {@link RimSpec}; e0, e1, ... widths of the input elements; Hi, dk, dv input
 * heads, key, value; Hc, ck, cv communication's; g 4 (LSTM) or 3 (GRU). What a variant has no use for is absent.
 */
export interface RimParameters {
  /** (n, m, Hi dk), with inputAttention only. */
  readonly inputQuery?: tf.Tensor;
  /**
   * (e0, Hi dk), with inputAttention only, and (e0, Hi dv), and so for every further element; the null input has
   * neither.
   */
  readonly [key: `inputKey${number}`]: tf.Tensor;
  readonly [value: `inputValue${number}`]: tf.Tensor;
  /** (n, Hi dv, g m), (n, m, g m), (n, g m); gates in the order i, f, g, o or r, z, n. */
  readonly rnnInput: tf.Tensor;
  readonly rnnHidden: tf.Tensor;
  readonly rnnBias: tf.Tensor;
  /** (n, 3 m), GRU only: the bias of the hidden product. */
  readonly rnnHiddenBias?: tf.Tensor;
  /** (n, m, Hc ck) twice, (n, m, Hc cv); these and the following with communication only. */
  readonly commQuery?: tf.Tensor;
  readonly commKey?: tf.Tensor;
  readonly commValue?: tf.Tensor;
  /** F (Hc cv, m) and f (m) */
  readonly commOut?: tf.Tensor;
  readonly commOutBias?: tf.Tensor;
  /** G (Hc cv, m) and g (m), with commGate only. */
  readonly commGate?: tf.Tensor;
  readonly commGateBias?: tf.Tensor;
}

export interface RimResult {
  /** States of all modules after each step, (T, B, n m). */
  readonly h: tf.Tensor3D;
  /** (T, B, n m); (T, B, 0) with GRU dynamics. */
  readonly c: tf.Tensor3D;
  /** 1 where a module was active, else 0. (T, B, n), without gradient. */
  readonly active: tf.Tensor3D;
  /** Attention each module paid to the null input, averaged over heads, or 0. (T, B, n), without gradient. */
  readonly nullAttention: tf.Tensor3D;
}

/**
 * Dropout in a RIM, where the authors have it: on what modules read of the input, on the attention between modules, and
 * on its output projection z F + f. Each element is dropped independently, else divided by 1 - rate (Srivastava et al.
 * 2014).
 */
export interface RimDropout {
  /** Probability to drop an element, in [0, 1). */
  readonly rate: number;
  /** 32 bits, unsigned: the same seed and shapes drop the same elements, whatever computes them. */
  readonly seed: number;
}

/** u units over an input of width e; gates in the order i, f, g, o. */
export interface LstmParameters {
  /** (e, 4u), (u, 4u), (4u) */
  readonly input: tf.Tensor2D;
  readonly hidden: tf.Tensor2D;
  readonly bias: tf.Tensor1D;
}

/**
 * u units over an input of width e; gates in the order r, z, n.
 * The reset gate multiplies the hidden product and its bias.
 */
export interface GruParameters {
  /** (e, 3u), (u, 3u), (3u), (3u) */
  readonly input: tf.Tensor2D;
  readonly hidden: tf.Tensor2D;
  readonly bias: tf.Tensor1D;
  readonly hiddenBias: tf.Tensor1D;
}

/** u outputs of an input of width e. */
export interface LinearParameters {
  /** (e, u), (u) */
  readonly weights: tf.Tensor2D;
  readonly bias: tf.Tensor1D;
}

/** Weights of three convolutions, (height, width, channels in, channels out), strides 4, 2, 1, no padding; biases. */
export interface NatureConvParameters {
  /** (8, 8, channels, 32), (32); channels: frames stacked in one observation, usually 4 */
  readonly w0: tf.Tensor4D;
  readonly b0: tf.Tensor1D;
  /** (4, 4, 32, 64), (64) */
  readonly w1: tf.Tensor4D;
  readonly b1: tf.Tensor1D;
  /** (3, 3, 64, 64), (64) */
  readonly w2: tf.Tensor4D;
  readonly b2: tf.Tensor1D;
}

/** N samples of a minibatch, as the policy that played them saw them; (N) each. */
export interface PpoLossInputs {
  /** int32 */
  readonly actions: tf.Tensor1D;
  /** Log-probability of the action when it was played. */
  readonly oldLogProbabilities: tf.Tensor1D;
  /** The critic's value when it was played. */
  readonly oldValues: tf.Tensor1D;
  readonly advantages: tf.Tensor1D;
  readonly returns: tf.Tensor1D;
}

export interface PpoLossSettings {
  /** Half-width of the clipped range, of the ratio and (if `clipValue`) of the value. */
  readonly clip: number;
  readonly clipValue: boolean;
  readonly valueCoefficient: number;
  readonly entropyCoefficient: number;
}

/**
 * Names of the statistics that `ppoLoss` gives beside the loss, in their order; means over the minibatch, in nats where
 * they have a unit.
 */
export const lossStatistics = ['policyLoss', 'valueLoss', 'entropy', 'approxKl', 'clipFraction'] as const;
export type LossStatistics = Record<(typeof lossStatistics)[number], number>;

export interface PpoLossResult {
  /** To minimise. */
  readonly loss: tf.Scalar;
  /** (5), without gradient: {@link lossStatistics}. */
  readonly statistics: tf.Tensor1D;
}

export interface ClipAdamInputs {
  /** Flat vectors of one length: what is optimised, its gradient, and Adam's two moments. */
  readonly parameters: tf.Tensor1D;
  readonly gradients: tf.Tensor1D;
  readonly m: tf.Tensor1D;
  readonly v: tf.Tensor1D;
  readonly learningRate: number;
  /** Number of this step; the first is 1. */
  readonly step: number;
  /** Gradients whose global norm is above this are scaled down to it. */
  readonly maxNorm: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

export interface ClipAdamResult {
  readonly parameters: tf.Tensor1D;
  readonly m: tf.Tensor1D;
  readonly v: tf.Tensor1D;
  /** Global norm of the gradient before clipping. */
  readonly norm: tf.Scalar;
}

/**
 * What the matrix products of torso and core are computed in: float32, or with both factors rounded to bfloat16 (8
 * significant bits) and the sums in float32. The heads, attention's dot products, parameters, biases and all else are
 * float32 either way.
 */
export type Precision = 'float32' | 'bf16';

/**
 * The operations that decide how fast an agent learns. Each is written twice, in plain tfjs operations (`portable`) and
 * in operations of TensorFlow, some of them our own (`native`). Both give the same numbers within float32's rounding,
 * but for tanh near zero: the native one is exact to about 1e-7 absolutely, not relatively. All are differentiable with
 * respect to every float32 tensor they take, but for `keep`, what {@link Kernels.clipAdam} takes, and what the old
 * policy left for {@link Kernels.ppoLoss}. A tensor of the wrong shape is an Error that names it.
 */
export interface Kernels {
  readonly name: 'native' | 'portable';
  readonly precision: Precision;

  /**
   * T steps of a RIM layer.
   * @param x the input elements beside null, (T, B, e0), (T, B, e1), ...
   * @param h0 (B, n m) @param c0 (B, n m), or (B, 0) with GRU dynamics
   * @param keep (T, B): multiplies h and c before each step, 1 or 0
   * @param dropout while training
   */
  rimSequence(
    spec: RimSpec,
    parameters: RimParameters,
    x: readonly tf.Tensor3D[],
    h0: tf.Tensor2D,
    c0: tf.Tensor2D,
    keep: tf.Tensor2D,
    dropout?: RimDropout,
  ): RimResult;

  /**
   * @param x (T, B, e) @param h0 (B, u) @param c0 (B, u) @param keep (T, B), as above
   * @returns h and c after each step, (T, B, u)
   */
  lstmSequence(
    parameters: LstmParameters,
    x: tf.Tensor3D,
    h0: tf.Tensor2D,
    c0: tf.Tensor2D,
    keep: tf.Tensor2D,
  ): { h: tf.Tensor3D; c: tf.Tensor3D };

  /** @param x (T, B, e) @param h0 (B, u) @param keep (T, B), as above @returns h after each step, (T, B, u) */
  gruSequence(parameters: GruParameters, x: tf.Tensor3D, h0: tf.Tensor2D, keep: tf.Tensor2D): { h: tf.Tensor3D };

  /** relu(x weights + bias). @param x (N, e) @param weights (e, u) @param bias (u) @returns (N, u) */
  denseRelu(x: tf.Tensor2D, weights: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D;

  /**
   * The policy's and the critic's linear layers.
   * @param hidden (T, B, w) @param policy A outputs @param value 1 output
   * @returns logits (T * B, A) and values (T * B), row t * B + b
   */
  heads(
    hidden: tf.Tensor3D,
    policy: LinearParameters,
    value: LinearParameters,
  ): { logits: tf.Tensor2D; values: tf.Tensor1D };

  /**
   * The convolutions of Mnih et al. 2015, relu after each.
   * @param frames (N, 84, 84, channels) of {@link Kernels.uint8Tensor}, scaled by 1/255 inside
   * @returns (N, 3136)
   */
  natureConv(frames: tf.Tensor4D, parameters: NatureConvParameters): tf.Tensor2D;

  /** Bytes as a tensor that {@link Kernels.natureConv} takes. The caller disposes it. */
  uint8Tensor(data: Uint8Array, shape: readonly number[]): tf.Tensor;

  /** Cuts a flat vector into tensors of these shapes, one after the other. They may share its memory. */
  split(flat: tf.Tensor1D, shapes: readonly (readonly number[])[]): tf.Tensor[];

  /** The elements of all tensors, one after the other. Without gradient. */
  join(tensors: readonly tf.Tensor[]): tf.Tensor1D;

  /**
   * PPO's clipped surrogate with value loss and entropy bonus (Schulman et al. 2017, arXiv 1707.06347, equations 7 and
   * 9; value clipping as in OpenAI Baselines; approximate KL as `mean((ratio - 1) - log ratio)`, Schulman 2020,
   * "Approximating KL divergence").
   * @param logits (N, A) @param values (N): what the policy and the critic say now
   */
  ppoLoss(logits: tf.Tensor2D, values: tf.Tensor1D, inputs: PpoLossInputs, settings: PpoLossSettings): PpoLossResult;

  /**
   * Clips the gradient to a global norm (Pascanu et al. 2013; scale maxNorm / (norm + 1e-6) as in PyTorch) and makes
   * one step of Adam (Kingma and Ba 2015, algorithm 1). Makes new tensors, changes none.
   */
  clipAdam(inputs: ClipAdamInputs): ClipAdamResult;
}
