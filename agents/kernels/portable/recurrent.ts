import * as tf from '@tensorflow/tfjs';
import type { GruParameters, LstmParameters } from '../kernels.ts';

/**
 * Unrolls a recurrence: step t gets row t of `x` and the states before it, multiplied by row t of `keep`.
 * @param x (T, B, e) @param states (B, ...) each @param keep (T, B)
 * @returns each state after every step, (T, B, ...)
 */
export function unroll(
  x: tf.Tensor3D,
  states: readonly tf.Tensor2D[],
  keep: tf.Tensor2D,
  step: (x: tf.Tensor2D, states: tf.Tensor2D[]) => tf.Tensor2D[],
): tf.Tensor3D[] {
  const rows = unstack(x);
  const keeps = unstack(tf.expandDims(keep, 2)); // (B, 1) each
  const histories: tf.Tensor2D[][] = states.map(() => []);
  let current = [...states];
  for (const [t, row] of rows.entries()) {
    current = step(
      row,
      current.map((state) => tf.mul(state, keeps[t] as tf.Tensor2D)),
    );
    for (const [i, state] of current.entries()) (histories[i] as tf.Tensor2D[]).push(state);
  }
  return histories.map((history) => tf.stack(history) as tf.Tensor3D);
}

/** (T, B, width) as T tensors. The gradient of tf.unstack fails where T is 1. */
function unstack(x: tf.Tensor3D): tf.Tensor2D[] {
  return x.shape[0] === 1 ? [tf.squeeze(x, [0])] : (tf.unstack(x) as tf.Tensor2D[]);
}

/** One step of an LSTM from the sum of its products and biases, gates i, f, g, o along the last axis. */
export function lstmStep<T extends tf.Tensor>(gates: T, c: T): { h: T; c: T } {
  const [i, f, g, o] = tf.split(gates, 4, -1) as [T, T, T, T];
  const next = tf.add<T>(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g)));
  return { h: tf.mul(tf.sigmoid(o), tf.tanh(next)), c: next };
}

/** One step of a GRU from its two products, each with its bias, gates r, z, n along the last axis. */
export function gruStep<T extends tf.Tensor>(fromInput: T, fromHidden: T, h: T): T {
  const [inputR, inputZ, inputN] = tf.split(fromInput, 3, -1) as [T, T, T];
  const [hiddenR, hiddenZ, hiddenN] = tf.split(fromHidden, 3, -1) as [T, T, T];
  const r = tf.sigmoid(tf.add(inputR, hiddenR));
  const z = tf.sigmoid(tf.add(inputZ, hiddenZ));
  const n = tf.tanh(tf.add(inputN, tf.mul(r, hiddenN)));
  return tf.add<T>(n, tf.mul(z, tf.sub(h, n)));
}

/** See {@link Kernels.lstmSequence}. */
export function lstmSequence(
  { input, hidden, bias }: LstmParameters,
  x: tf.Tensor3D,
  h0: tf.Tensor2D,
  c0: tf.Tensor2D,
  keep: tf.Tensor2D,
): { h: tf.Tensor3D; c: tf.Tensor3D } {
  return tf.tidy(() => {
    const [h, c] = unroll(x, [h0, c0], keep, (row, [h, c]) => {
      const gates = tf.add<tf.Tensor2D>(tf.add(tf.matMul(row, input), tf.matMul(h as tf.Tensor2D, hidden)), bias);
      const next = lstmStep(gates, c as tf.Tensor2D);
      return [next.h, next.c];
    }) as [tf.Tensor3D, tf.Tensor3D];
    return { h, c };
  });
}

/** See {@link Kernels.gruSequence}. */
export function gruSequence(
  { input, hidden, bias, hiddenBias }: GruParameters,
  x: tf.Tensor3D,
  h0: tf.Tensor2D,
  keep: tf.Tensor2D,
): { h: tf.Tensor3D } {
  return tf.tidy(() => {
    const [h] = unroll(x, [h0], keep, (row, [before]) => {
      const h = before as tf.Tensor2D;
      return [gruStep(tf.add(tf.matMul(row, input), bias), tf.add(tf.matMul(h, hidden), hiddenBias), h)];
    }) as [tf.Tensor3D];
    return { h };
  });
}
