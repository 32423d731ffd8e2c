// The RIM's ablations: what is left of it equals plain LSTMs, computed here in float64 or by the LSTM operation.
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { type Kernels, type RimSpec, selectKernels } from '../../../agents/kernels/index.ts';
import { assertClose, rimSpec, rimTensors, runLstm, runRim, type Tensors } from './cases.ts';
import { checkDirections } from './directions.ts';

const sizes = { inputKey: 16, inputValue: 24, commHeads: 2, commKey: 16, commValue: 16 };

for (const choice of ['portable', 'native'] as const) {
  describe(`ablations of the RIM, ${choice} operations`, () => {
    let kernels: Kernels;
    before(async () => {
      await loadTensorFlow();
      kernels = selectKernels(choice);
    });

    test('without communication it is LSTMs that compete for the same value, each through its own gate', () => {
      const spec = rimSpec(4, 20, 2, { ...sizes, communication: false });
      const tensors = rimTensors(spec, 7, 3, 18);
      const { h, c, active } = runRim(kernels, spec, tensors);
      const expected = competingLstms(spec, tensors);
      assertClose('active', active, expected.active, 0);
      assertClose('h', h, expected.h, 1e-5);
      assertClose('c', c, expected.c, 1e-5);
    });

    test('without communication and input attention it is LSTMs on the mean value', () => {
      const spec = rimSpec(3, 20, 3, { ...sizes, inputHeads: 2, communication: false, inputAttention: false });
      const tensors = rimTensors(spec, 7, 3, 18, 5);
      const { h, c, nullAttention, active } = runRim(kernels, spec, tensors);
      assertClose('nullAttention', nullAttention, tf.zeros([7, 3, 3]), 0);
      assertClose('active', active, tf.ones([7, 3, 3]), 0);
      const value = (x: tf.Tensor, weights: tf.Tensor): tf.Tensor =>
        tf.reshape(tf.matMul(tf.reshape(x, [21, -1]), weights as tf.Tensor2D), [7, 3, 48]);
      const { x, x1, inputValue0, inputValue1, h0, c0, keep } = tensors as Record<string, tf.Tensor>;
      const values = [
        value(x as tf.Tensor, inputValue0 as tf.Tensor),
        value(x1 as tf.Tensor, inputValue1 as tf.Tensor),
      ];
      const mean = tf.div(tf.addN(values), 2);
      for (let j = 0; j < 3; j++) {
        const [input, hidden, bias] = ['rnnInput', 'rnnHidden', 'rnnBias'].map((name) =>
          tf.gather(tensors[name] as tf.Tensor, j),
        );
        const ofModule = (states: tf.Tensor): tf.Tensor =>
          tf.gather(tf.reshape(states, [...states.shape.slice(0, -1), 3, 20]), j, states.rank - 1);
        const own = {
          input,
          hidden,
          bias,
          x: mean,
          h0: ofModule(h0 as tf.Tensor),
          c0: ofModule(c0 as tf.Tensor),
          keep,
        };
        const lstm = runLstm(kernels, own as Tensors);
        assertClose(`h of module ${j}`, ofModule(h), lstm.h, 1e-5);
        assertClose(`c of module ${j}`, ofModule(c), lstm.c, 1e-5);
      }
    });

    for (const variant of [
      { communication: false },
      { communication: false, rnn: 'gru', inputHeads: 2 },
      { inputAttention: false },
      { inputAttention: false, communication: false, inputHeads: 2 },
    ] as const)
      test(`gradients equal finite differences: ${JSON.stringify(variant)}`, () => {
        const spec = rimSpec(4, 20, 4, { ...sizes, ...variant });
        const { c0, ...others } = rimTensors(spec, 5, 2, 18, 4);
        const isLstm = spec.rnn === 'lstm';
        checkDirections((isLstm ? { ...others, c0 } : others) as Tensors, (given) => {
          const { h, c } = runRim(kernels, spec, { c0, ...given } as Tensors);
          return tf.concat([tf.mul(h, given.lossWeights as tf.Tensor), ...(isLstm ? [tf.square(c)] : [])]);
        });
      });
  });
}

/** A RIM of one element and head without communication, in float64; (T, B, n m) and (T, B, n). */
function competingLstms(
  { modules: n, units: m, active: k, inputKey }: RimSpec,
  tensors: Tensors,
): { h: number[][][]; c: number[][][]; active: number[][][] } {
  const numbers = <Shape>(name: string): Shape => (tensors[name] as tf.Tensor).arraySync() as Shape;
  const [x, keep] = [numbers<number[][][]>('x'), numbers<number[][]>('keep')];
  const [inputKey0, inputValue0] = [numbers<number[][]>('inputKey0'), numbers<number[][]>('inputValue0')];
  const [query, input] = [numbers<number[][][]>('inputQuery'), numbers<number[][][]>('rnnInput')];
  const [hidden, bias] = [numbers<number[][][]>('rnnHidden'), numbers<number[][]>('rnnBias')];
  let [h, c] = [numbers<number[][]>('h0'), numbers<number[][]>('c0')];
  const steps = x.map((rows, t) => {
    const kept = (states: number[][]): number[][] =>
      states.map((row, b) => row.map((state) => state * (keep[t]?.[b] as number)));
    [h, c] = [kept(h), kept(c)];
    const active = rows.map((row, b) => {
      const [key, value] = [times(row, inputKey0), times(row, inputValue0)];
      const states = (all: number[][], j: number): number[] => (all[b] as number[]).slice(j * m, (j + 1) * m);
      const gates = [...Array(n).keys()].map((j) =>
        sigmoid(dot(times(states(h, j), query[j] as number[][]), key) / Math.sqrt(inputKey)),
      );
      const winners = [...gates.keys()].sort((i, j) => (gates[j] as number) - (gates[i] as number)).slice(0, k);
      for (const j of winners) {
        const read = times(value, input[j] as number[][]).map((sum) => (gates[j] as number) * sum);
        const own = times(states(h, j), hidden[j] as number[][]);
        const sum = (gate: number, i: number): number =>
          [read, own, bias[j] as number[]].reduce((total, part) => total + (part[gate * m + i] as number), 0);
        for (let i = 0; i < m; i++) {
          const [hs, cs] = [h[b] as number[], c[b] as number[]];
          const before = cs[j * m + i] as number;
          const next = sigmoid(sum(1, i)) * before + sigmoid(sum(0, i)) * Math.tanh(sum(2, i));
          cs[j * m + i] = next;
          hs[j * m + i] = sigmoid(sum(3, i)) * Math.tanh(next);
        }
      }
      return [...gates.keys()].map((j) => Number(winners.includes(j)));
    });
    return { h, c, active };
  });
  return { h: steps.map(({ h }) => h), c: steps.map(({ c }) => c), active: steps.map(({ active }) => active) };
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}

/** A row times a matrix. */
function times(row: readonly number[], matrix: readonly (readonly number[])[]): number[] {
  return (matrix[0] as readonly number[]).map((_, column) =>
    dot(
      row,
      matrix.map((line) => line[column] as number),
    ),
  );
}
