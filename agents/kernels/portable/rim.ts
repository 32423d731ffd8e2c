import * as tf from '@tensorflow/tfjs';
import { pieces } from '../../pieces.ts';
import { dropoutFactors } from '../dropout.ts';
import type { RimDropout, RimParameters, RimResult, RimSpec } from '../kernels.ts';
import { gruStep, lstmStep, unroll } from './recurrent.ts';

/** See {@link Kernels.rimSequence}. Every variant; written to be compared with the papers, not to be fast. */
export function rimSequence(
  spec: RimSpec,
  parameters: RimParameters,
  x: readonly tf.Tensor3D[],
  h0: tf.Tensor2D,
  c0: tf.Tensor2D,
  keep: tf.Tensor2D,
  dropout?: RimDropout,
): RimResult {
  return tf.tidy(() => {
    const masks: tf.Tensor2D[] = [];
    const nullAttentions: tf.Tensor2D[] = [];
    const widths = x.map((element) => element.shape[2]);
    const [h, c] = unroll(tf.concat([...x], 2), [h0, c0], keep, (row, [h, c]) => {
      const elements = pieces(row, widths, 1);
      const drop: Drop = (site, tensor) => (dropout ? dropped(dropout, site, tensor, masks.length) : tensor);
      const stepped = rimStep(spec, parameters, elements, h as tf.Tensor2D, c as tf.Tensor2D, drop);
      masks.push(stepped.active);
      nullAttentions.push(stepped.nullAttention);
      return [stepped.h, stepped.c];
    }) as [tf.Tensor3D, tf.Tensor3D];
    return { h, c, active: tf.stack(masks) as tf.Tensor3D, nullAttention: tf.stack(nullAttentions) as tf.Tensor3D };
  });
}

interface Step {
  /** (B, n m) each */
  readonly h: tf.Tensor2D;
  readonly c: tf.Tensor2D;
  /** (B, n) each */
  readonly active: tf.Tensor2D;
  readonly nullAttention: tf.Tensor2D;
}

/** A step's dropout. */
type Drop = <T extends tf.Tensor>(site: Parameters<typeof dropoutFactors>[1], tensor: T) => T;

/**
 * Step t's dropout of a site.
 * @param tensor (B, heads, n, n) of attention, else (n, B, width); elements are counted with B before n
 */
function dropped<T extends tf.Tensor>(
  dropout: RimDropout,
  site: Parameters<typeof dropoutFactors>[1],
  tensor: T,
  t: number,
): T {
  const factors = dropoutFactors(dropout, site, t * tensor.size, tensor.size);
  if (tensor.rank === 4) return tf.mul(tensor, tf.tensor(factors, tensor.shape));
  const [modules = 0, batch = 0, width = 0] = tensor.shape;
  return tf.mul(tensor, tf.transpose(tf.tensor3d(factors, [batch, modules, width]), [1, 0, 2]));
}

/**
 * One step. Inside, modules come first: (n, B, width), so that one batched product serves all modules.
 * @param x (B, e0), (B, e1), ... @param h (B, n m) @param c (B, n m)
 */
function rimStep(
  spec: RimSpec,
  parameters: RimParameters,
  x: tf.Tensor2D[],
  h: tf.Tensor2D,
  c: tf.Tensor2D,
  drop: Drop,
): Step {
  const before = toModules(spec, h);
  const { read, nullAttention } = spec.inputAttention
    ? attendToInput(spec, parameters, x, before)
    : readEvenly(spec, parameters, x);
  const active = compete(nullAttention, spec.active); // (n, B)
  const isActive = tf.expandDims(tf.cast(active, 'bool'), 2);
  const cells = spec.rnn === 'lstm' ? toModules(spec, c) : undefined;
  const candidate = dynamics(spec, parameters, drop('read', read), before, cells);
  const stepped = tf.where(isActive, candidate.h, before);
  const source = spec.readInactive === 'state' ? stepped : candidate.h;
  const hear = (): tf.Tensor3D => {
    const message = communicate(spec, parameters, blockGradient(source, tf.expandDims(active, 2)), drop);
    return tf.where(isActive, tf.add(stepped, message), stepped);
  };
  return {
    h: fromModules(spec.communication ? hear() : stepped),
    c: candidate.c ? fromModules(tf.where(isActive, candidate.c, toModules(spec, c))) : c,
    active: tf.transpose(active) as tf.Tensor2D,
    nullAttention: tf.transpose(nullAttention) as tf.Tensor2D,
  };
}

/** Attention over null, whose key and value are zero, and the elements of x. */
function attendToInput(spec: RimSpec, parameters: RimParameters, x: readonly tf.Tensor2D[], h: tf.Tensor3D) {
  const { modules, inputHeads, inputKey, inputValue } = spec;
  const batch = h.shape[1];
  const queries = tf.matMul(h, parameters.inputQuery as tf.Tensor3D);
  const query = tf.reshape(queries, [modules, batch, inputHeads, inputKey]);
  const project = (element: tf.Tensor2D, weights: tf.Tensor | undefined, width: number): tf.Tensor4D =>
    tf.reshape(tf.matMul(element, weights as tf.Tensor2D), [1, batch, inputHeads, width]);
  const logits = x.map((element, i): tf.Tensor3D => {
    const key = project(element, parameters[`inputKey${i}`], inputKey);
    return tf.div(tf.sum(tf.mul(query, key), 3), Math.sqrt(inputKey));
  });
  const attention = tf.softmax(tf.stack([tf.zeros([modules, batch, inputHeads]), ...logits], 3)); // null first
  const [toNull, ...weights] = tf.split(attention, x.length + 1, 3) as [tf.Tensor4D, ...tf.Tensor4D[]];
  const reads = x.map((element, i) =>
    tf.mul(weights[i] as tf.Tensor4D, project(element, parameters[`inputValue${i}`], inputValue)),
  );
  return {
    read: tf.reshape(tf.addN(reads), [modules, batch, inputHeads * inputValue]) as tf.Tensor3D,
    nullAttention: tf.mean(toNull, [2, 3]) as tf.Tensor2D, // (n, B)
  };
}

/** What attention reads that is spread evenly over the elements of x, null left out. */
function readEvenly({ modules }: RimSpec, parameters: RimParameters, x: readonly tf.Tensor2D[]) {
  const values = x.map((element, i) => tf.matMul(element, parameters[`inputValue${i}`] as tf.Tensor2D));
  const mean = tf.div(tf.addN(values), x.length);
  const batch = mean.shape[0] as number;
  return {
    read: tf.tile(tf.expandDims<tf.Tensor3D>(mean, 0), [modules, 1, 1]),
    nullAttention: tf.zeros([modules, batch]) as tf.Tensor2D,
  };
}

/**
 * 1 for the k modules that pay least attention to null, ties to the lowest index; no gradient.
 * @param nullAttention (n, B) @returns (n, B)
 */
function compete(nullAttention: tf.Tensor2D, k: number): tf.Tensor2D {
  const choose = tf.customGrad((attention) => {
    const [modules] = (attention as tf.Tensor2D).shape;
    const own = tf.expandDims(attention as tf.Tensor, 1); // (n, 1, B)
    const other = tf.expandDims(attention as tf.Tensor, 0); // (1, n, B)
    const index = tf.range(0, modules, 1, 'int32');
    const isLower = tf.expandDims(tf.less(tf.expandDims(index, 0), tf.expandDims(index, 1)), 2); // (n, n, 1)
    const isBeaten = tf.logicalOr(tf.less(other, own), tf.logicalAnd(tf.equal(other, own), isLower));
    const active = tf.less(tf.sum(tf.cast(isBeaten, 'float32'), 1), k);
    return { value: tf.cast(active, 'float32'), gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy) };
  });
  return choose(nullAttention) as tf.Tensor2D;
}

/** What every module would step to. @param read (n, B, Hi dv) @param h (n, B, m) @param c (n, B, m) with an LSTM */
function dynamics(
  { rnn }: RimSpec,
  parameters: RimParameters,
  read: tf.Tensor3D,
  h: tf.Tensor3D,
  c: tf.Tensor3D | undefined,
): { h: tf.Tensor3D; c?: tf.Tensor3D } {
  const { rnnInput, rnnHidden, rnnBias, rnnHiddenBias } = parameters;
  const fromInput = tf.add<tf.Tensor3D>(tf.matMul(read, rnnInput as tf.Tensor3D), tf.expandDims(rnnBias, 1));
  const fromHidden = tf.matMul(h, rnnHidden as tf.Tensor3D);
  if (rnn === 'lstm') return lstmStep(tf.add(fromInput, fromHidden), c as tf.Tensor3D);
  return { h: gruStep(fromInput, tf.add(fromHidden, tf.expandDims(rnnHiddenBias as tf.Tensor2D, 1)), h) };
}

/**
 * The identity; its gradient is multiplied by `mask`.
 * Nothing flows into the state of a module that is not active through what others read of it.
 */
function blockGradient(state: tf.Tensor3D, mask: tf.Tensor): tf.Tensor3D {
  const identity = tf.customGrad((x, save) => {
    (save as tf.GradSaveFunc)([mask]);
    return {
      value: (x as tf.Tensor).clone(),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.mul(dy, saved[0] as tf.Tensor),
    };
  });
  return identity(state) as tf.Tensor3D;
}

/**
 * What attention over the states of all modules, itself included, adds to each module's state.
 * @param source (n, B, m) @returns (n, B, m)
 */
function communicate(spec: RimSpec, parameters: RimParameters, source: tf.Tensor3D, drop: Drop): tf.Tensor3D {
  const { modules, commHeads, commKey, commValue } = spec;
  const batch = source.shape[1];
  // (n, m, heads width) -> (B, heads, n, width)
  const project = (weights: tf.Tensor | undefined, width: number): tf.Tensor4D =>
    tf.transpose(
      tf.reshape(tf.matMul(source, weights as tf.Tensor3D), [modules, batch, commHeads, width]),
      [1, 2, 0, 3],
    ) as tf.Tensor4D;
  const query = project(parameters.commQuery, commKey);
  const key = project(parameters.commKey, commKey);
  const value = project(parameters.commValue, commValue);
  const attention: tf.Tensor4D = tf.softmax(tf.div(tf.matMul(query, key, false, true), Math.sqrt(commKey)));
  const heard = tf.transpose(tf.matMul(drop('attention', attention), value), [2, 0, 1, 3]); // (n, B, heads, value)
  const z = tf.reshape(heard, [modules * batch, commHeads * commValue]);
  const linear = (weights: tf.Tensor | undefined, bias: tf.Tensor | undefined): tf.Tensor3D =>
    tf.reshape(tf.add(tf.matMul(z, weights as tf.Tensor2D), bias as tf.Tensor), source.shape);
  const out = drop('output', linear(parameters.commOut, parameters.commOutBias));
  const gated = (): tf.Tensor3D =>
    tf.mul(tf.sigmoid(linear(parameters.commGate, parameters.commGateBias)), tf.tanh(out));
  return spec.commGate ? gated() : out;
}

/** (B, n m) -> (n, B, m) */
function toModules({ modules, units }: RimSpec, state: tf.Tensor2D): tf.Tensor3D {
  return tf.transpose(tf.reshape(state, [state.shape[0], modules, units]), [1, 0, 2]) as tf.Tensor3D;
}

/** (n, B, m) -> (B, n m) */
function fromModules(state: tf.Tensor3D): tf.Tensor2D {
  const [modules, batch, units] = state.shape;
  return tf.reshape(tf.transpose(state, [1, 0, 2]), [batch, modules * units]);
}
