// What holds of cores made of modules: who steps, who is read, and where no gradient may flow.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import type { Core } from '../../../agents/cores/core.ts';
import type { CoreOptions } from '../../../agents/cores/options.ts';
import type { RimOptions } from '../../../agents/cores/options.ts';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { type Kernels, selectKernels } from '../../../agents/kernels/index.ts';
import { Random } from '../../../agents/random.ts';
import { assertClose, evaluate, type Tensors } from '../kernels/cases.ts';
import { brims, coreOf, coreTensors, evaluateCore, rims, runCore } from './variants.ts';

const steps = 5;

function layersOf(options: CoreOptions): readonly RimOptions[] {
  return options.kind === 'brim' ? options.layers : options.kind === 'rim' ? [options] : [];
}

// 18 rows: the native RIM computes so many by another order of products (rim_core.h).
for (const [choice, batch] of [['portable', 3] as const, ['native', 3] as const, ['native', 18] as const]) {
  let kernels: Kernels;
  before(async () => {
    await loadTensorFlow();
    kernels = selectKernels(choice);
  });

  for (const [name, options] of Object.entries({ ...rims, ...brims }))
    describe(`${name}, ${choice}, ${batch} rows`, () => {
      test('as many modules as asked for are active in each layer; the others keep h and c, bit for bit', () => {
        const core = coreOf(options, kernels);
        const tensors = coreTensors(core, steps, batch);
        const { states, active } = runCore(core, tensors);
        const mask = active?.arraySync() ?? [];
        let [firstModule, state] = [0, 0];
        for (const { modules, units, active: k, rnn } of layersOf(options)) {
          for (const row of mask.flat())
            assert.equal(sum(row.slice(firstModule, firstModule + modules)), k, 'active modules of a layer');
          for (let s = 0; s < (rnn === 'lstm' ? 2 : 1); s++, state++) {
            const history = [(tensors[`s${state}`] as tf.Tensor2D).arraySync(), ...(states[state]?.arraySync() ?? [])];
            for (let t = 0; t < steps; t++)
              for (let b = 0; b < batch; b++)
                for (let i = 0; i < modules * units; i++) {
                  const isActive = mask[t]?.[b]?.[firstModule + Math.floor(i / units)] === 1;
                  const [before, after] = [history[t]?.[b]?.[i], history[t + 1]?.[b]?.[i]];
                  assert.equal(Object.is(before, after), !isActive, `step ${t}, row ${b}, unit ${i}`);
                }
          }
          firstModule += modules;
        }
        assert.equal(firstModule, core.modules?.count);
      });

      test('what is dropped follows the seed alone, for both kinds of kernels alike; without one nothing is', () => {
        const [core, plain] = [0.4, 0].map((rate) => coreOf(withDropout(options, rate), kernels));
        const reference = coreOf(withDropout(options, 0.4), selectKernels('portable'));
        if (!core || !plain) return;
        const tensors = coreTensors(core, steps, batch);
        const output = (of: typeof core, seed?: number): Float32Array =>
          runCore(of, tensors, seed).output.dataSync() as Float32Array;
        assert.deepEqual(output(core), output(plain));
        assert.deepEqual(output(plain, 1), output(plain));
        assert.deepEqual(output(core, 1), output(core, 1));
        assert.notDeepEqual(output(core, 1), output(core));
        assert.notDeepEqual(output(core, 1), output(core, 2));
        assertClose('output', runCore(core, tensors, 1).output, runCore(reference, tensors, 1).output, 1e-5);
      });

      test('weights of its dynamics get exactly no gradient from steps in which a module is not active', () => {
        const core = coreOf(options, kernels);
        for (const length of [1, 3]) {
          const { outputs, grads } = evaluateCore(core, coreTensors(core, length, 1));
          const rows = (outputs.active as tf.Tensor3D).arraySync().map(([row = []]) => row);
          const ever = rows.reduce((some, row) => some.map((active, j) => Math.max(active, row[j] ?? 0)));
          let firstModule = 0;
          for (const [l, { modules }] of layersOf(options).entries()) {
            for (const name of ['rnnInput', 'rnnHidden', 'rnnBias', 'rnnHiddenBias']) {
              const gradient = grads[options.kind === 'brim' ? `${l}.${name}` : name];
              if (!gradient) continue;
              for (const [j, part] of tf.split(gradient, modules).entries())
                assert.equal(
                  tf.max(tf.abs(part)).dataSync()[0] === 0,
                  ever[firstModule + j] === 0,
                  `${name} of module ${j} in layer ${l}, ${length} steps`,
                );
            }
            firstModule += modules;
          }
        }
      });

      test('modules in another order, with their parameters, give their states in that order', () => {
        const core = coreOf(options, kernels);
        const tensors = coreTensors(core, steps, batch);
        const before = runCore(core, tensors);
        for (const [l, layer] of layersOf(options).entries()) {
          const order = new Random(l + 3).shuffle([...Array(layer.modules).keys()]);
          const after = runCore(core, reordered(tensors, layersOf(options), l, order));
          const isTop = l === layersOf(options).length - 1;
          const expected = isTop ? inOrder(before.output, order, layer.units) : before.output;
          assertClose(`output, layer ${l}`, after.output, expected, 1e-5);
        }
      });
    });

  for (const [name, options] of Object.entries(rims))
    describe(`${name}, ${choice}, ${batch} rows`, () => {
      const [layer] = layersOf(options) as [RimOptions];

      test('an inactive module gets the gradient of its own state and nothing else', () => {
        const core = coreOf(options, kernels);
        const tensors = oneStepOfTwo(core, batch);
        const { outputs, grads } = evaluateCore(core, tensors);
        const active = (outputs.active as tf.Tensor3D).arraySync()[0] as number[][];
        const s0 = grads.s0 as tf.Tensor2D;
        const own = tf.gather(tensors.lossWeights as tf.Tensor, 0).arraySync();
        s0.arraySync().forEach((row, b) =>
          row.forEach((gradient, i) => {
            if (active[b]?.[Math.floor(i / layer.units)] === 1) return;
            assert.equal(gradient, (own as number[][])[b]?.[i], `row ${b}, unit ${i}`);
          }),
        );
      });

      if (layer.communication)
        test('nothing flows into an inactive module through what the active ones read of it', () => {
          const core = coreOf(options, kernels);
          const tensors = oneStepOfTwo(core, batch);
          const { active } = runCore(core, tensors);
          const mask = tf.reshape(tf.tile(tf.expandDims(active as tf.Tensor, 3), [1, 1, 1, layer.units]), [
            2,
            batch,
            core.outputSize,
          ]);
          const { s0, commKey } = tensors as { s0: tf.Tensor2D; commKey: tf.Tensor };
          const { grads } = evaluate({ s0, commKey }, (given) => {
            const { output } = runCore(core, { ...tensors, ...given });
            return { outputs: {}, loss: tf.sum(tf.mul(tf.mul(output, mask), tensors.lossWeights as tf.Tensor)) };
          });
          const inactive = tf.sub(1, tf.gather(mask, 0));
          assert.equal(tf.max(tf.abs(tf.mul(grads.s0 as tf.Tensor, inactive))).dataSync()[0], 0);
          const perModule = tf.sum(tf.abs(grads.commKey as tf.Tensor), [1, 2]).dataSync();
          assert.ok(perModule.every((size) => size > 0));
        });
    });
}

/** Two steps, all states reset between them and no loss after it: gradients of the first states are of one step. */
function oneStepOfTwo(core: Core, batch: number): Tensors {
  const tensors = coreTensors(core, 2, batch);
  const first = tf.tensor2d([...Array<number>(batch).fill(1), ...Array<number>(batch).fill(0)], [2, batch]);
  const lossWeights = tf.mul(tensors.lossWeights as tf.Tensor, tf.expandDims(first, 2));
  return { ...tensors, keep: first, lossWeights };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function withDropout(options: CoreOptions, dropout: number): CoreOptions {
  if (options.kind === 'rim') return { ...options, dropout };
  return options.kind === 'brim'
    ? { ...options, layers: options.layers.map((layer) => ({ ...layer, dropout })) }
    : options;
}

/** Cuts an axis, the last if none is named, into blocks of `size`, and puts them into another order. */
function inOrder<T extends tf.Tensor>(tensor: T, order: readonly number[], size: number, axis = tensor.rank - 1): T {
  const units = order.flatMap((module) => Array.from({ length: size }, (_, i) => module * size + i));
  return tf.gather(tensor, units, axis);
}

/**
 * The tensors with the modules of layer `l` in another order: their parameters and states, and the keys and values by
 * which the layers above and below read them.
 */
function reordered(tensors: Tensors, layers: readonly RimOptions[], l: number, order: readonly number[]): Tensors {
  const { units } = layers[l] as RimOptions;
  const prefix = (layer: number): string => (layers.length > 1 ? `${layer}.` : '');
  const own = [prefix(l), /^(inputQuery|rnn.*|comm(Query|Key|Value))$/] as const;
  const above = [prefix(l + 1), /^input(Key|Value)0$/] as const; // it reads this layer as what is below
  const elements = l > 0 ? (layers[l - 1] as RimOptions).inputElements : 0;
  const below = [prefix(l - 1), new RegExp(`^input(Key|Value)${elements}$`)] as const;
  const firstState = layers.slice(0, l).reduce((count, { rnn }) => count + (rnn === 'lstm' ? 2 : 1), 0);
  const states = [`s${firstState}`, ...((layers[l] as RimOptions).rnn === 'lstm' ? [`s${firstState + 1}`] : [])];
  const matches = (name: string, [start, pattern]: readonly [string, RegExp]): boolean =>
    name.startsWith(start) && pattern.test(name.slice(start.length));
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => {
      if (states.includes(name)) return [name, inOrder(tensor, order, units)];
      if (matches(name, own)) return [name, inOrder(tensor, order, 1, 0)];
      const isRead = (l < layers.length - 1 && matches(name, above)) || (l > 0 && matches(name, below));
      return [name, isRead ? inOrder(tensor, order, units, 0) : tensor];
    }),
  );
}
