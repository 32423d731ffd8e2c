import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import type { Kernels, RimParameters, RimSpec } from '../../../agents/kernels/index.ts';

type Nested = number | Nested[];

/** A RIM layer of test/oracle/rims.json: computed in float64 by another implementation. */
export interface OracleCase {
  readonly name: string;
  readonly config: RimSpec;
  readonly params: Readonly<Record<string, Nested>>;
  readonly inputs: Readonly<Record<string, Nested>>;
  readonly outputs: Readonly<Record<string, Nested>>;
  readonly grads: Readonly<Record<string, Nested>>;
}

export const oracleCases = (
  JSON.parse(readFileSync(new URL('../../oracle/rims.json', import.meta.url), 'utf8')) as { rim: OracleCase[] }
).rim;

/** A RIM layer's tensors by name: the parameters of {@link RimParameters}, and x, h0, c0, keep, lossWeights. */
export type RimTensors = Record<string, tf.Tensor>;

export function oracleTensors({ params, inputs, config }: OracleCase): RimTensors {
  const all = Object.entries({ ...params, ...inputs }).map(([name, value]) => [name, tf.tensor(value as number[])]);
  const tensors = Object.fromEntries(all) as RimTensors;
  return config.rnn === 'gru' ? { ...tensors, c0: tf.zeros([tensors.h0?.shape[0] as number, 0]) } : tensors;
}

/** Values and gradients of the oracle's loss: sum(h lossWeights), and with an LSTM half the squared norm of the last c. */
export function rimValuesAndGradients(
  kernels: Kernels,
  spec: RimSpec,
  tensors: RimTensors,
): { outputs: Record<string, tf.Tensor>; grads: Record<string, tf.Tensor> } {
  const names = Object.keys(tensors).filter(
    (name) => !['keep', 'lossWeights', ...(spec.rnn === 'gru' ? ['c0'] : [])].includes(name),
  );
  return tf.tidy(() => {
    const outputs: Record<string, tf.Tensor> = {};
    const { grads } = tf.valueAndGrads((...differentiated) => {
      const all = { ...tensors, ...Object.fromEntries(names.map((name, i) => [name, differentiated[i] as tf.Tensor])) };
      const { x, h0, c0, keep, lossWeights } = all as unknown as Record<'x' | 'lossWeights', tf.Tensor3D> &
        Record<'h0' | 'c0' | 'keep', tf.Tensor2D>;
      const result = kernels.rimSequence(spec, all as unknown as RimParameters, x, h0, c0, keep);
      const lastC = tf.gather(result.c, x.shape[0] - 1);
      const loss = tf.add(
        tf.sum(tf.mul(result.h, lossWeights)),
        spec.rnn === 'lstm' ? tf.div(tf.sum(tf.square(lastC)), 2) : 0,
      );
      for (const [name, tensor] of Object.entries(result)) outputs[name] = tf.keep((tensor as tf.Tensor).clone());
      return loss as tf.Scalar;
    })(names.map((name) => tensors[name] as tf.Tensor));
    return { outputs, grads: Object.fromEntries(names.map((name, i) => [name, grads[i] as tf.Tensor])) };
  });
}

function flat(nested: Nested): number[] {
  return typeof nested === 'number' ? [nested] : nested.flatMap(flat);
}

/** Fails unless all numbers agree to `tolerance` times the largest magnitude expected (or 1e-3, for what is nearly zero throughout). */
export function assertClose(name: string, actual: tf.Tensor, expected: Nested | tf.Tensor, tolerance = 1e-4): void {
  const values = expected instanceof tf.Tensor ? expected.dataSync() : flat(expected);
  const own = actual.dataSync();
  assert.equal(own.length, values.length, `${name}: number of values`);
  const scale = Math.max(1e-3, ...Array.from(values, Math.abs));
  let worst = 0;
  own.forEach((value, i) => (worst = Math.max(worst, Math.abs(value - (values[i] as number)))));
  assert.ok(worst <= tolerance * scale, `${name}: off by ${worst} where the largest value is ${scale}`);
}
