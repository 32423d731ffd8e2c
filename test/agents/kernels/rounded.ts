// Networks in plain tfjs whose products have rounded factors: what --precision bf16 is compared with.
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import type { RimSpec } from '../../../agents/kernels/index.ts';
import type { Tensors } from './cases.ts';

/** To the nearest number of 8 significant bits, of two as near to the one whose last bit is 0. */
function rounded<T extends tf.Tensor>(x: T): T {
  const bits = new Uint32Array((x.dataSync() as Float32Array).slice().buffer);
  const upper = bits.map((word) => (word + 0x7fff + ((word >>> 16) & 1)) & 0xffff0000);
  return tf.tensor(new Float32Array(upper.buffer), x.shape) as T;
}

/** A factor of a product: rounded in the product, while its gradient passes as it is. */
export const factor = tf.customGrad((x) => ({
  value: rounded(x as tf.Tensor),
  gradFunc: (dy: tf.Tensor) => dy,
}));
/** A product: its gradient is rounded, because it is a factor of the products that give the factors' gradients. */
export const product = tf.customGrad((x) => ({
  value: tf.clone(x as tf.Tensor),
  gradFunc: (dy: tf.Tensor) => rounded(dy),
}));

export function roundedNatureConv(frames: tf.Tensor4D, { w0, b0, w1, b1, w2, b2 }: Tensors): tf.Tensor {
  const layer = (
    x: tf.Tensor,
    weights: tf.Tensor | undefined,
    bias: tf.Tensor | undefined,
    stride: number,
  ): tf.Tensor =>
    tf.relu(
      tf.add(
        product(tf.conv2d(x as tf.Tensor4D, factor(weights as tf.Tensor) as tf.Tensor4D, stride, 'valid')),
        bias as tf.Tensor,
      ),
    );
  const y0 = layer(frames, tf.mul(w0 as tf.Tensor, 1 / 255), b0, 4);
  const y1 = layer(factor(y0), w1, b1, 2);
  return tf.reshape(layer(factor(y1), w2, b2, 1), [frames.shape[0], -1]);
}

/** x W with both factors rounded. */
const rounding = (x: tf.Tensor, weights: tf.Tensor): tf.Tensor =>
  product(tf.matMul(factor(x) as tf.Tensor2D, factor(weights) as tf.Tensor2D));

/** An LSTM or GRU step by step in plain tfjs, its products rounded; states after every step, (T, B, u). */
export function roundedRecurrence(
  gates: 3 | 4,
  { x, h0, c0, keep, input, hidden, bias, hiddenBias }: Tensors,
): tf.Tensor {
  let [h, c] = [h0 as tf.Tensor, c0 as tf.Tensor];
  const kept = tf.unstack(keep as tf.Tensor).map((row) => tf.expandDims(row, 1));
  const after = tf.unstack(x as tf.Tensor).map((row, t) => {
    [h, c] = [tf.mul(h, kept[t] as tf.Tensor), tf.mul(c, kept[t] as tf.Tensor)];
    const fromInput = tf.add(rounding(row, input as tf.Tensor), bias as tf.Tensor);
    const fromState = rounding(h, hidden as tf.Tensor);
    if (gates === 4) {
      const [i, f, g, o] = tf.split(tf.add(fromInput, fromState), 4, 1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      c = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g)));
      h = tf.mul(tf.sigmoid(o), tf.tanh(c));
      return h;
    }
    const [xr, xz, xn] = tf.split(fromInput, 3, 1) as [tf.Tensor, tf.Tensor, tf.Tensor];
    const split = tf.split(tf.add(fromState, hiddenBias as tf.Tensor), 3, 1);
    const [hr, hz, hn] = split as [tf.Tensor, tf.Tensor, tf.Tensor];
    const z = tf.sigmoid(tf.add(xz, hz));
    const n = tf.tanh(tf.add(xn, tf.mul(tf.sigmoid(tf.add(xr, hr)), hn)));
    h = tf.add(n, tf.mul(z, tf.sub(h, n)));
    return h;
  });
  return tf.stack(after);
}

/**
 * The usual RIM (LSTM, one input element and head, plain communication that reads states) step by step in plain tfjs,
 * its products rounded, in the order in which rim_core.h hoists them; states h after every step, (T, B, n m).
 */
export function roundedRim(spec: RimSpec, tensors: Tensors): tf.Tensor {
  const { modules: n, units: m, active: k, inputKey, commHeads, commKey } = spec;
  const given = tensors as Record<string, tf.Tensor>;
  const ofModule = (name: string, j: number): tf.Tensor => tf.gather(given[name] as tf.Tensor, j);
  const states = (all: tf.Tensor): tf.Tensor[] => tf.split(all, n, 1);
  const modules = [...Array(n).keys()];
  let [h, c] = [given['h0'] as tf.Tensor, given['c0'] as tf.Tensor];
  const kept = tf.unstack(given['keep'] as tf.Tensor).map((row) => tf.expandDims(row, 1));
  const after = tf.unstack(given['x'] as tf.Tensor).map((row, t) => {
    const [before, cells] = [states(tf.mul(h, kept[t] as tf.Tensor)), states(tf.mul(c, kept[t] as tf.Tensor))];
    const value = rounding(row, given['inputValue0'] as tf.Tensor);
    const key = rounding(row, given['inputKey0'] as tf.Tensor);
    const attention = modules.map((j) => {
      const pull = tf.div(rounding(key, tf.transpose(ofModule('inputQuery', j))), Math.sqrt(inputKey));
      return tf.sigmoid(tf.sum(tf.mul(before[j] as tf.Tensor, pull), 1, true));
    });
    const masks = winners(attention, k);
    const stepped = modules.map((j) => {
      const input = tf.mul(attention[j] as tf.Tensor, rounding(value, ofModule('rnnInput', j)));
      const hidden = rounding(before[j] as tf.Tensor, ofModule('rnnHidden', j));
      const gates = tf.split(tf.add(tf.add(input, hidden), ofModule('rnnBias', j)), 4, 1);
      const [i, f, g, o] = gates as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const cell = tf.add(tf.mul(tf.sigmoid(f), cells[j] as tf.Tensor), tf.mul(tf.sigmoid(i), tf.tanh(g)));
      const mask = masks[j] as tf.Tensor;
      const source = chosen(mask, tf.mul(tf.sigmoid(o), tf.tanh(cell)), before[j] as tf.Tensor);
      // No gradient reaches an inactive module's state through what others read of it.
      const read = chosen(mask, source, constant(source));
      return { mask, source, read, cell: chosen(mask, cell, cells[j] as tf.Tensor) };
    });
    const projected = (name: string): tf.Tensor[][] =>
      stepped.map(({ read }, j) => tf.split(rounding(read, ofModule(name, j)), commHeads, 1));
    const [queries, keys, values] = [projected('commQuery'), projected('commKey'), projected('commValue')];
    const next = stepped.map(({ mask, source }, j) => {
      const messages = [...Array(commHeads).keys()].map((head) => {
        const logit = (i: number): tf.Tensor =>
          tf.sum(tf.mul(queries[j]?.[head] as tf.Tensor, keys[i]?.[head] as tf.Tensor), 1, true);
        const weights = tf.softmax(tf.div(tf.concat(modules.map(logit), 1), Math.sqrt(commKey)));
        const shares = tf.split(weights, n, 1).map((share, i) => tf.mul(share, values[i]?.[head] as tf.Tensor));
        return shares.reduce((sum, share) => tf.add(sum, share));
      });
      const heard = rounding(tf.concat(messages, 1), given['commOut'] as tf.Tensor);
      return tf.add(source, tf.mul(mask, tf.add(heard, given['commOutBias'] as tf.Tensor)));
    });
    [h, c] = [
      tf.concat(next, 1),
      tf.concat(
        stepped.map(({ cell }) => cell),
        1,
      ),
    ];
    assert.equal(next[0]?.shape[1], m);
    return h;
  });
  return tf.stack(after);
}

/** One of two where the mask is 1 and the other where it is 0. */
function chosen(mask: tf.Tensor, one: tf.Tensor, other: tf.Tensor): tf.Tensor {
  return tf.add(tf.mul(mask, one), tf.mul(tf.sub(1, mask), other));
}

/** The same numbers, without gradient. */
function constant(x: tf.Tensor): tf.Tensor {
  return tf.tensor(x.dataSync().slice(), x.shape);
}

/** Masks (B, 1) of the k modules with the most attention (B, 1), ties to the lowest index. */
function winners(attention: readonly tf.Tensor[], k: number): tf.Tensor[] {
  const all = attention.map((one) => [...one.dataSync()]);
  const isWinner = (j: number, b: number): boolean =>
    all.filter((one, i) => {
      const [own, other] = [all[j]?.[b] as number, one[b] as number];
      return other > own || (other === own && i < j);
    }).length < k;
  return all.map((one, j) =>
    tf.tensor2d(
      one.map((_, b) => Number(isWinner(j, b))),
      [one.length, 1],
    ),
  );
}
