// The layers on TensorFlow: portable kernels, as they are, and native ones.
import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import { createCore } from '../../../agents/cores/index.ts';
import type { CoreKind, CoreOptions } from '../../../agents/cores/options.ts';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { selectKernels } from '../../../agents/kernels/index.ts';
import { portableKernels } from '../../../agents/kernels/portable/index.ts';
import { brim, lstm, rim } from '../../../agents/layers/index.ts';
import { useKernels } from '../../../agents/layers/kernels.ts';
import { ParameterLayout } from '../../../agents/parameters.ts';
import { Random } from '../../../agents/random.ts';
import { distance, makers, modelWith, sequences } from './examples.ts';

before(() => loadTensorFlow());
afterEach(() => useKernels(portableKernels));

const kinds: Readonly<Record<string, CoreKind>> = { brim: 'brim', lstm: 'lstm', gru: 'gru', ff: 'ff' };
/** What a layer gives for values, as a list. */
const listed = (made: ReturnType<tf.layers.Layer['apply']>): tf.Tensor[] => [made].flat() as tf.Tensor[];

for (const [name, make] of Object.entries(makers)) {
  describe(name, () => {
    test('equals the sequence of its core, whose first weights come from the seed', () => {
      const layer = make({ returnSequences: true, returnState: true, seed: 5 });
      const x = sequences(2, 7);
      const [output, ...states] = listed(layer.apply(x));
      const options = { kind: kinds[name] ?? 'rim', ...layer.getConfig() } as unknown as CoreOptions;
      const core = createCore(options, portableKernels, 4);
      const layout = new ParameterLayout({ core: core.parameters }, portableKernels);
      const parameters = layout.named(
        core.parameters.length > 0 ? layout.split(tf.tensor1d(layout.initial(new Random(5)))) : [],
      );
      const zeros = core.stateWidths.map((width) => tf.zeros<tf.Rank.R2>([2, width]));
      const own = core.sequence(parameters.core, tf.transpose(x, [1, 0, 2]), zeros, tf.ones([7, 2]));
      assert.deepEqual(output?.shape, [2, 7, core.outputSize]);
      assert.equal(distance(output as tf.Tensor, tf.transpose(own.output, [1, 0, 2])), 0);
      assert.equal(states.length, own.states.length);
      for (const [i, state] of states.entries()) {
        const last = tf.squeeze(tf.slice(own.states[i] as tf.Tensor3D, [6, 0, 0], [1, -1, -1]), [0]);
        assert.equal(distance(state, last), 0);
      }
    });

    test('gives the last step alone, and symbolic shapes before there are values', () => {
      const x = sequences(2, 5);
      const all = make({ returnSequences: true, seed: 1 }).apply(x) as tf.Tensor3D;
      const last = make({ seed: 1 }).apply(x) as tf.Tensor2D;
      assert.equal(distance(last, tf.squeeze(tf.slice(all, [0, 4, 0], [2, 1, -1]), [1])), 0);
      const width = last.shape[1];
      const shape = (options: object): tf.Shape =>
        (make(options).apply(tf.input({ shape: [null, 4] })) as tf.SymbolicTensor).shape;
      assert.deepEqual(shape({}), [null, width]);
      assert.deepEqual(shape({ returnSequences: true }), [null, null, width]);
    });

    test('goes on from states that are given', () => {
      const x = sequences(2, 6);
      const layer = make({ returnSequences: true, returnState: true });
      const [whole, ...after] = listed(layer.apply(x));
      const cut = (first: number, steps: number): tf.Tensor => tf.slice(x, [0, first, 0], [2, steps, 4]);
      const [before, ...states] = listed(layer.apply(cut(0, 4)));
      const [rest, ...end] = listed(layer.apply([cut(4, 2), ...states]));
      assert.ok(distance(whole as tf.Tensor, tf.concat([before as tf.Tensor, rest as tf.Tensor], 1)) < 1e-6);
      for (const [i, state] of end.entries()) assert.ok(distance(state, after[i] as tf.Tensor) < 1e-6);
    });

    test('model.fit moves every weight, by as much with portable kernels as with native ones', async () => {
      const x = sequences(8, 5);
      const y = tf.slice(x, [0, 0, 0], [8, 1, 2]);
      const weightsAfter: tf.Tensor[][] = [];
      for (const kernels of [portableKernels, selectKernels('native')]) {
        useKernels(kernels);
        const model = modelWith(make({ inputShape: [5, 4], seed: 2 }), 2, 'linear');
        model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
        const first = model.getWeights().map((weight) => weight.clone());
        await model.fit(x, tf.squeeze(y, [1]), { epochs: 3, shuffle: false, verbose: 0 });
        for (const [i, weight] of model.getWeights().entries())
          assert.ok(distance(weight, first[i] as tf.Tensor) > 0, `${model.weights[i]?.name} does not move`);
        weightsAfter.push(model.getWeights());
      }
      const [portable, native] = weightsAfter as [tf.Tensor[], tf.Tensor[]];
      for (const [i, weight] of portable.entries()) assert.ok(distance(weight, native[i] as tf.Tensor) < 1e-4);
    });

    test('gives the same after saving and loading, and the options it had', async () => {
      const model = modelWith(make({ inputShape: [5, 4], seed: 3, name: 'memory' }), 2, 'linear');
      const artifacts = await new Promise<tf.io.ModelArtifacts>((resolve) => {
        const handler = tf.io.withSaveHandler(async (saved) => {
          resolve(saved);
          return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(saved) };
        });
        void model.save(handler);
      });
      const modelTopology = JSON.parse(JSON.stringify(artifacts.modelTopology)) as object;
      const loaded = await tf.loadLayersModel(tf.io.fromMemory({ ...artifacts, modelTopology }));
      const x = sequences(3, 5);
      assert.equal(distance(model.predict(x) as tf.Tensor, loaded.predict(x) as tf.Tensor), 0);
      assert.deepEqual(loaded.getLayer('memory').getConfig(), model.getLayer('memory').getConfig());
    });
  });
}

for (const [name, make] of Object.entries({
  rim: (options: object) => rim({ modules: 3, units: 5, active: 2, returnSequences: true, ...options }),
  brim: (options: object) => {
    const { dropout = 0, ...others } = options as { dropout?: number };
    const layer = { modules: 3, units: 5, active: 2, dropout };
    return brim({ layers: [layer, layer], returnSequences: true, ...others });
  },
}))
  describe(`dropout in a ${name}`, () => {
    const x = (): tf.Tensor3D => sequences(4, 6);
    const call = (layer: tf.layers.Layer, training: boolean): tf.Tensor => layer.apply(x(), { training }) as tf.Tensor;

    test('is for training alone', () => {
      const whole = call(make({ seed: 1 }), true);
      const dropped = make({ seed: 1, dropout: 0.4 });
      assert.ok(distance(whole, call(dropped, true)) > 1e-3);
      assert.equal(distance(whole, call(dropped, false)), 0);
    });

    test('is decided by the seed and the number of the call', () => {
      const made = [1, 1, 2].map((seed) => make({ seed, dropout: 0.4 }));
      const [one, same, other] = made as [tf.layers.Layer, tf.layers.Layer, tf.layers.Layer];
      const first = call(one, true);
      const second = call(one, true);
      assert.ok(distance(first, second) > 1e-3);
      assert.equal(distance(first, call(same, true)), 0);
      call(same, false);
      assert.equal(distance(second, call(same, true)), 0);
      call(other, false);
      other.setWeights(one.getWeights());
      assert.ok(distance(first, call(other, true)) > 1e-3);
    });
  });

test("the LSTM equals tfjs' own with the same weights", () => {
  const x = sequences(2, 6);
  const ours = lstm({ units: 5, returnSequences: true, seed: 4 });
  const theirs = tf.layers.lstm({ units: 5, returnSequences: true, recurrentActivation: 'sigmoid' });
  const output = ours.apply(x) as tf.Tensor;
  theirs.apply(x);
  theirs.setWeights(ours.getWeights());
  assert.ok(distance(output, theirs.apply(x) as tf.Tensor) < 1e-5);
});

test('a small model learns what stood at the start of a sequence', async () => {
  const steps = 4;
  /** Sequences of one of four symbols each step, and the first one of each. */
  const recall = (count: number, seed: number): { x: tf.Tensor3D; y: tf.Tensor2D } => {
    const random = new Random(seed);
    const symbols = Array.from({ length: count * steps }, () => random.integer(4));
    const x = tf.oneHot(tf.tensor2d(symbols, [count, steps], 'int32'), 4) as tf.Tensor3D;
    return { x, y: tf.squeeze(tf.slice(x, [0, 0, 0], [count, 1, 4]), [1]) };
  };
  const model = modelWith(rim({ modules: 3, units: 8, active: 2, inputShape: [steps, 4], seed: 1 }), 4, 'softmax');
  model.compile({ optimizer: tf.train.adam(0.02), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  const { x, y } = recall(512, 7);
  await model.fit(x, y, { epochs: 6, batchSize: 64, shuffle: false, verbose: 0 });
  const others = recall(256, 8);
  const [, accuracy] = model.evaluate(others.x, others.y) as [tf.Scalar, tf.Scalar];
  assert.ok((accuracy.dataSync()[0] as number) > 0.95, `accuracy ${accuracy.dataSync()[0]}`);
});
