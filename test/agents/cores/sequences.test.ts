// What holds of every core, whatever computes it.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs';
import type { Core } from '../../../agents/cores/core.ts';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { type Kernels, selectKernels } from '../../../agents/kernels/index.ts';
import { Random } from '../../../agents/random.ts';
import { assertAllClose, assertClose, type Tensors } from '../kernels/cases.ts';
import { coreOf, coreTensors, evaluateCore, rowOf, runCore, variants } from './variants.ts';

const steps = 5;
/** Rows of a small batch, and of one that the native RIM computes by another order of products (rim_core.h). */
const [small, large] = [3, 18];
const choices = ['portable', 'native'] as const;
const kernels: Partial<Record<(typeof choices)[number], Kernels>> = {};

before(async () => {
  await loadTensorFlow();
  for (const choice of choices) kernels[choice] = selectKernels(choice);
});

/** A test in which all tensors are disposed at the end. */
function tidyTest(name: string, run: () => void): void {
  test(name, () => tf.tidy(run));
}

for (const [name, options] of Object.entries(variants)) {
  const made = (choice: (typeof choices)[number]): Core => coreOf(options, kernels[choice] as Kernels);

  tidyTest(`${name}: portable and native give the same outputs and gradients, resets inside`, () => {
    const tensors = withResets(coreTensors(made('portable'), steps, small));
    const [portable, native] = choices.map((choice) => evaluateCore(made(choice), tensors));
    assertAllClose(native?.outputs as Tensors, portable?.outputs as Tensors, 1e-5);
    assertAllClose(native?.grads as Tensors, portable?.grads as Tensors, 2e-5);
  });

  tidyTest(`${name}: every parameter gets gradient, from first weights of either kind`, () => {
    for (const initialisation of ['orthogonal', 'paper'] as const) {
      const core = coreOf(initialised(options, initialisation), kernels.native as Kernels);
      const first = core.parameters.map(({ name, shape, initializer }) => [
        name,
        tf.tensor(initializer(shape, new Random(3)), [...shape]),
      ]);
      const { grads } = evaluateCore(core, { ...coreTensors(core, 8, 4), ...(Object.fromEntries(first) as Tensors) });
      for (const { name } of core.parameters) {
        const gradient = (grads[name] as tf.Tensor).dataSync();
        assert.ok(gradient.every(Number.isFinite) && gradient.some((one) => one !== 0), `${initialisation}: ${name}`);
      }
    }
  });

  for (const [choice, batch] of [...choices.map((choice) => [choice, small] as const), ['native', large] as const])
    describe(`${name}, ${choice}, ${batch} rows`, () => {
      // Its products are in the order that is the cheapest for so many steps: what is cut differs by rounding there.
      const same = batch === small ? assertSame : assertNear;

      tidyTest('a row of the batch never sees another: the others keep their bits, gradients too', () => {
        const core = made(choice);
        const tensors = coreTensors(core, steps, batch);
        const others = { ...tensors, ...changedInRow(1, tensors, ['x', 'lossWeights', ...stateNames(core)]) };
        const [one, two] = [evaluateCore(core, tensors), evaluateCore(core, others)];
        const perRow = ['x', ...stateNames(core)];
        const compared = [
          ...Object.keys(one.outputs).map((name) => [one.outputs[name], two.outputs[name], name] as const),
          ...perRow.map((name) => [one.grads[name], two.grads[name], `gradient of ${name}`] as const),
        ] as [tf.Tensor, tf.Tensor, string][];
        for (const [a, b, what] of compared)
          for (const row of [0, batch - 1]) assert.deepEqual(rowOf(a, row), rowOf(b, row), `${what}, row ${row}`);
        assert.notDeepEqual(rowOf(one.outputs.output as tf.Tensor, 1), rowOf(two.outputs.output as tf.Tensor, 1));
      });

      tidyTest('a sequence cut anywhere and gone on with from its states is the whole', () => {
        const core = made(choice);
        const tensors = withResets(coreTensors(core, steps, batch));
        const whole = runCore(core, tensors);
        for (let cut = 1; cut < steps; cut++) {
          const first = runCore(core, { ...tensors, ...window(tensors, 0, cut) });
          const states = first.states.map((state, i) => [`s${i}`, tf.gather(state, cut - 1)]);
          const resumed = { ...tensors, ...window(tensors, cut, steps), ...(Object.fromEntries(states) as Tensors) };
          const second = runCore(core, resumed);
          const compared = [
            [whole.output, first.output, second.output],
            ...whole.states.map((state, i) => [state, first.states[i], second.states[i]]),
          ] as [tf.Tensor3D, tf.Tensor3D, tf.Tensor3D][];
          for (const [all, ...parts] of compared) same(tf.concat(parts), all);
        }
      });

      tidyTest('a reset inside a sequence is a fresh start, and no gradient goes back over it', () => {
        const core = made(choice);
        const tensors = coreTensors(core, steps, batch);
        const keep = tf.tensor2d(new Float32Array(steps * batch).fill(1).fill(0, 2 * batch, 3 * batch), [steps, batch]);
        const lossWeights = tf.concat([tf.zeros([2, batch, core.outputSize]), window(tensors, 2, steps).lossWeights]);
        const { outputs, grads } = evaluateCore(core, { ...tensors, keep, lossWeights });
        const zeros = core.stateWidths.map((width, i) => [`s${i}`, tf.zeros([batch, width])]);
        const fresh = evaluateCore(core, {
          ...tensors,
          ...window(tensors, 2, steps),
          ...(Object.fromEntries(zeros) as Tensors),
        });
        for (const [name, tensor] of Object.entries(fresh.outputs))
          same(tf.slice(outputs[name] as tf.Tensor, 2), tensor);
        for (const [name, tensor] of Object.entries(grads))
          if (/^s\d$/.test(name)) assertSame(tensor, tf.zerosLike(tensor));
        assertSame(tf.slice(grads.x as tf.Tensor, 0, 2), tf.zeros([2, batch, 6]));
        same(tf.slice(grads.x as tf.Tensor, 2), fresh.grads.x as tf.Tensor);
      });
    });
}

function initialised(options: (typeof variants)[string], initialisation: 'orthogonal' | 'paper'): typeof options {
  if (options.kind === 'rim') return { ...options, initialisation };
  if (options.kind !== 'brim') return options;
  return { ...options, layers: options.layers.map((layer) => ({ ...layer, initialisation })) };
}

function stateNames(core: Core): string[] {
  return core.stateWidths.map((_, i) => `s${i}`);
}

/** Row b is reset before step b + 1. */
function withResets(tensors: Tensors): Tensors {
  const batch = (tensors.x as tf.Tensor3D).shape[1];
  const keep = Float32Array.from({ length: steps * batch }, (_, i) =>
    Math.floor(i / batch) === (i % batch) + 1 ? 0 : 1,
  );
  return { ...tensors, keep: tf.tensor2d(keep, [steps, batch]) };
}

/** Steps from `start` to before `end` of what has steps. */
function window(tensors: Tensors, start: number, end: number): Record<'x' | 'keep' | 'lossWeights', tf.Tensor> {
  const cut = (name: string): tf.Tensor => tf.slice(tensors[name] as tf.Tensor, start, end - start);
  return { x: cut('x'), keep: cut('keep'), lossWeights: cut('lossWeights') };
}

/** Other numbers in one row of the batch. */
function changedInRow(row: number, tensors: Tensors, names: readonly string[]): Tensors {
  const changed = names.map((name) => {
    const tensor = tensors[name] as tf.Tensor;
    const batch = tensor.shape.at(-2) as number;
    const isRow = tf.oneHot(row, batch).reshape([batch, 1]);
    return [name, tf.add(tensor, isRow)];
  });
  return Object.fromEntries(changed) as Tensors;
}

/** The same numbers; 0 and -0 are the same. */
function assertSame(actual: tf.Tensor, expected: tf.Tensor): void {
  assert.deepEqual(actual.shape, expected.shape);
  const [a, b] = [actual.dataSync(), expected.dataSync()];
  for (const [i, value] of a.entries()) if (value !== b[i]) assert.fail(`value ${i} is ${value}, not ${b[i]}`);
}

function assertNear(actual: tf.Tensor, expected: tf.Tensor): void {
  assertClose('what is cut', actual, expected, 1e-5);
}
