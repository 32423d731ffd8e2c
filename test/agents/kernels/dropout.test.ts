// Dropout in the RIM: what is dropped, seen through layers that show it, is what dropout.ts says for both kernels.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { dropoutFactors } from '../../../agents/kernels/dropout.ts';
import { type Kernels, selectKernels } from '../../../agents/kernels/index.ts';
import * as cases from './cases.ts';
import { rimSpec, rimTensors, runRim, type Tensors, withDropout } from './cases.ts';
import { checkDirections } from './directions.ts';

const sites = ['read', 'attention', 'output'] as const;

describe('what dropout drops', () => {
  test('at the rate that is asked for, scaled so that the mean stays', () => {
    const count = 200_000;
    for (const rate of [0.01, 0.1, 0.5, 0.9])
      for (const seed of [0, 1, 2 ** 32 - 1])
        for (const site of sites) {
          const factors = dropoutFactors({ rate, seed }, site, 0, count);
          const dropped = factors.filter((factor) => factor === 0).length;
          // Four deviations of a binomial distribution.
          assert.ok(Math.abs(dropped - rate * count) < 4 * Math.sqrt(rate * (1 - rate) * count), `${rate}: ${dropped}`);
          assert.ok(factors.every((factor) => factor === 0 || Math.abs(factor * (1 - rate) - 1) < 1e-6));
        }
  });

  test('independently of its neighbours, of other sites and of other seeds', () => {
    const count = 200_000;
    const drops = (seed: number, site: (typeof sites)[number], first = 0): Float32Array =>
      dropoutFactors({ rate: 0.5, seed }, site, first, count);
    const one = drops(7, 'read');
    const others = [1, 2, 16, 64, 100, 400, 2 ** 16, 2 ** 31].map((shift) => drops(7, 'read', shift));
    for (const seed of [6, 8, 7 + 2 ** 31]) others.push(drops(seed, 'read'));
    others.push(drops(7, 'attention'), drops(7, 'output'));
    for (const [i, other] of others.entries()) {
      const same = one.filter((factor, k) => factor === other[k]).length;
      assert.ok(Math.abs(same - count / 2) < 4 * Math.sqrt(count / 4), `comparison ${i}: ${same} of ${count} the same`);
    }
    assert.deepEqual(drops(7, 'read', 1000).subarray(0, 50), one.subarray(1000, 1050));
  });
});

for (const choice of ['portable', 'native'] as const)
  describe(`dropout in the RIM, ${choice} operations`, () => {
    let kernels: Kernels;
    before(async () => {
      await loadTensorFlow();
      kernels = selectKernels(choice);
    });

    const [T, B, n, m, Hc] = [4, 3, 5, 19, 2];
    const seeds = [1, 0xdeadbeef];

    test('takes from the read what dropout.ts says', () => {
      // A cell of zeros opens by what its gates read; unit i reads element i of the value, which is 1 everywhere.
      const spec = rimSpec(n, m, 2, { inputKey: 3, inputValue: m, communication: false });
      const eye = tf.pad(tf.eye(m), [
        [0, 0],
        [2 * m, m],
      ]);
      const tensors = {
        ...rimTensors(spec, T, B, 1),
        ...{ x: tf.ones([T, B, 1]), inputValue0: tf.ones([1, m]), rnnInput: tf.stack(Array(n).fill(eye)) },
        ...{ rnnHidden: tf.zeros([n, m, 4 * m]), rnnBias: tf.zeros([n, 4 * m]), keep: tf.zeros([T, B]) },
      };
      for (const seed of seeds) {
        const dropout = { rate: 0.4, seed };
        const { h, active } = runRim(withDropout(kernels, dropout), spec, tensors);
        const factors = dropoutFactors(dropout, 'read', 0, T * B * n * m);
        const isActive = active.dataSync();
        const expected = factors.map((factor, i) => Number(isActive[Math.floor(i / m)] === 1 && factor > 0));
        assert.deepEqual(
          h.dataSync().map((state) => Number(state !== 0)),
          expected,
        );
      }
    });

    test('takes from the attention and from the output projection what dropout.ts says', () => {
      // Every module attends evenly; head i's share of module k's value lands in unit i n + k alone; all states are
      // the same number before.
      const spec = rimSpec(n, Hc * n, n, { inputKey: 3, inputValue: 2, commHeads: Hc, commKey: 3, commValue: n });
      const m = Hc * n;
      const values = [...Array(n).keys()].map((k) => {
        const column = tf.cast(tf.oneHot(tf.fill([m], k, 'int32'), n), 'float32');
        return tf.concat(
          [...Array(Hc).keys()].map(() => column),
          1,
        );
      });
      const start = 1;
      const tensors = {
        ...rimTensors(spec, T, B, 1),
        ...{ rnnInput: tf.zeros([n, 2, 4 * m]), rnnHidden: tf.zeros([n, m, 4 * m]) },
        ...{ rnnBias: tf.stack(Array(n).fill(tf.concat([tf.fill([m], -100), tf.fill([m], 100), tf.zeros([2 * m])]))) },
        ...{ c0: tf.fill([B, n * m], start), keep: tf.ones([T, B]), commQuery: tf.zeros([n, m, Hc * 3]) },
        ...{ commValue: tf.stack(values), commOut: tf.eye(m), commOutBias: tf.zeros([m]) },
      };
      const source = 0.5 * Math.tanh(start);
      for (const seed of seeds) {
        const dropout = { rate: 0.3, seed };
        const h = runRim(withDropout(kernels, dropout), spec, tensors).h.dataSync();
        const attention = dropoutFactors(dropout, 'attention', 0, T * B * Hc * n * n);
        const output = dropoutFactors(dropout, 'output', 0, T * B * n * m);
        const heard = (source * m) / n;
        for (let row = 0; row < T * B; row++)
          for (let j = 0; j < n; j++)
            for (let i = 0; i < m; i++) {
              const head = Math.floor(i / n);
              const at = (row * n + j) * m + i;
              const share = attention[((row * Hc + head) * n + j) * n + (i % n)] as number;
              const expected = source + heard * share * (output[at] as number);
              assert.ok(Math.abs((h[at] as number) - expected) < 1e-5 * m, `${at}: ${h[at]}, expected ${expected}`);
            }
      }
    });

    for (const variant of [
      {},
      { rnn: 'gru', commGate: true, inputHeads: 2 },
      { inputAttention: false, communication: false },
    ] as const)
      test(`gradients equal finite differences: ${JSON.stringify(variant)}`, () => {
        const sizes = { inputKey: 6, inputValue: 9, commHeads: 2, commKey: 6, commValue: 7 };
        const spec = rimSpec(4, 20, 4, { ...sizes, ...variant });
        const { c0, ...others } = rimTensors(spec, 5, 2, 18, 4);
        const isLstm = spec.rnn === 'lstm';
        checkDirections((isLstm ? { ...others, c0 } : others) as Tensors, (given) => {
          const { h, c } = runRim(withDropout(kernels, { rate: 0.25, seed: 5 }), spec, { c0, ...given } as Tensors);
          return tf.concat([tf.mul(h, given.lossWeights as tf.Tensor), ...(isLstm ? [tf.square(c)] : [])]);
        });
      });

    test('a rate of 0 changes nothing, and what cannot be is named', () => {
      const spec = rimSpec(4, 20, 2, { inputKey: 6, inputValue: 9, commHeads: 2 });
      const tensors = rimTensors(spec, 3, 2, 18);
      const run = (rate: number, seed: number): tf.Tensor =>
        runRim(withDropout(kernels, { rate, seed }), spec, tensors).h;
      cases.assertClose('h', run(0, 3), runRim(kernels, spec, tensors).h, 0);
      assert.throws(() => run(1, 3), /dropout's rate is 1; it must be at least 0 and below 1/);
      assert.throws(() => run(NaN, 3), /dropout's rate is NaN/);
      for (const seed of [-1, 0.5, 2 ** 32]) assert.throws(() => run(0.1, seed), /dropout's seed is .*; it must be an/);
    });
  });

test('with dropout native operations equal portable ones', async () => {
  await loadTensorFlow();
  for (const variant of [
    {},
    { readInactive: 'candidate', commGate: true, inputHeads: 2 },
    { rnn: 'gru', inputHeads: 3 },
  ] as const)
    for (const widths of [[9], [9, 33, 2]])
      for (const { steps, batch } of [
        { steps: 12, batch: 3 },
        { steps: 2, batch: 37 },
      ]) {
        const sizes = { inputKey: 7, inputValue: 18, commKey: 5, commValue: 19 };
        const spec = rimSpec(5, 21, 2, { ...sizes, ...variant });
        const tensors = rimTensors(spec, steps, batch, ...widths);
        const [native, portable] = (['native', 'portable'] as const).map((choice) =>
          cases.evaluateRim(withDropout(selectKernels(choice), { rate: 0.2, seed: 9 }), spec, tensors),
        ) as [cases.Evaluated, cases.Evaluated];
        cases.assertAllClose(native.outputs, portable.outputs);
        cases.assertAllClose(native.grads, portable.grads);
      }
});
