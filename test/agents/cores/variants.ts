// Small cores of every kind and variant, and what runs them on tensors by name.
import * as tf from '@tensorflow/tfjs';
import type { Core } from '../../../agents/cores/core.ts';
import { createCore } from '../../../agents/cores/index.ts';
import type { CoreOptions } from '../../../agents/cores/options.ts';
import { rimDefaults, type RimOptions } from '../../../agents/cores/options.ts';
import type { Kernels } from '../../../agents/kernels/index.ts';
import { Random } from '../../../agents/random.ts';
import { evaluate, type Evaluated, randomTensor, type Tensors } from '../kernels/cases.ts';

const inputSize = 6;

export function layer(modules: number, units: number, active: number, more: Partial<RimOptions> = {}): RimOptions {
  const sizes = { inputKey: 5, inputValue: 7, commHeads: 2, commKey: 3, commValue: 4 };
  return { ...rimDefaults(units), ...sizes, modules, units, active, ...more };
}

const rim = (more: Partial<RimOptions>): CoreOptions => ({ kind: 'rim', ...layer(5, 4, 3, more) });

/** Both dynamics, both readings of inactive modules, gated and plain, with 1 to 3 heads and elements; the ablations. */
export const rims: Readonly<Record<string, CoreOptions>> = {
  'rim lstm': rim({}),
  'rim lstm gated, 2 elements': rim({ commGate: true, inputElements: 2 }),
  'rim lstm candidate, 3 and 3 heads': rim({ readInactive: 'candidate', inputHeads: 3, commHeads: 3 }),
  'rim lstm candidate gated, 3 elements': rim({ readInactive: 'candidate', commGate: true, inputElements: 3 }),
  'rim gru, 2 and 1 heads': rim({ rnn: 'gru', inputHeads: 2, commHeads: 1 }),
  'rim gru gated': rim({ rnn: 'gru', commGate: true }),
  'rim gru candidate, 2 elements': rim({ rnn: 'gru', readInactive: 'candidate', inputElements: 2 }),
  'rim gru candidate gated, 2 and 3 heads': {
    ...rim({ rnn: 'gru', readInactive: 'candidate', commGate: true, inputHeads: 2, commHeads: 3 }),
  },
  'rim without communication': rim({ communication: false }),
  'rim without input attention': rim({ inputAttention: false, active: 5, inputElements: 2 }),
};

export const brims: Readonly<Record<string, CoreOptions>> = {
  'brim of 2 layers': { kind: 'brim', layers: [layer(4, 3, 2, { inputElements: 2 }), layer(3, 4, 1)] },
  'brim of 3 layers, gru': {
    kind: 'brim',
    layers: [
      layer(3, 4, 2, { rnn: 'gru' }),
      layer(4, 3, 3, { rnn: 'gru', inputHeads: 2 }),
      layer(2, 5, 1, { rnn: 'gru' }),
    ],
  },
  'brim of unlike layers': {
    kind: 'brim',
    layers: [layer(3, 4, 3, { inputAttention: false, communication: false }), layer(4, 3, 2, { commGate: true })],
  },
};

export const variants: Readonly<Record<string, CoreOptions>> = {
  ...rims,
  ...brims,
  lstm: { kind: 'lstm', units: 7 },
  gru: { kind: 'gru', units: 7 },
  ff: { kind: 'ff' },
};

export function coreOf(options: CoreOptions, kernels: Kernels): Core {
  return createCore(options, kernels, inputSize);
}

/** Random parameters by name, x (T, B, e), states s0, s1, ... (B, width), and weights of the outputs in the loss. */
export function coreTensors(core: Core, steps: number, batch: number): Tensors {
  const random = new Random(5);
  const draw = (shape: readonly number[], deviation = 1): tf.Tensor => randomTensor(random, [...shape], deviation);
  const parameters = core.parameters.map(({ name, shape }) => [name, draw(shape, 0.4)] as const);
  const states = core.stateWidths.map((width, i) => [`s${i}`, draw([batch, width], 0.5)] as const);
  return {
    ...Object.fromEntries([...parameters, ...states]),
    x: draw([steps, batch, inputSize]),
    lossWeights: draw([steps, batch, core.outputSize]),
    keep: tf.ones([steps, batch]),
  };
}

interface CoreRun {
  readonly output: tf.Tensor3D;
  readonly states: readonly tf.Tensor3D[];
  readonly active?: tf.Tensor3D;
  readonly nullAttention?: tf.Tensor3D;
}

export function runCore(core: Core, tensors: Tensors, dropoutSeed?: number): CoreRun {
  const states = core.stateWidths.map((_, i) => tensors[`s${i}`] as tf.Tensor2D);
  const { x, keep } = tensors as { x: tf.Tensor3D; keep: tf.Tensor2D };
  const { output, states: after, activation } = core.sequence(tensors, x, states, keep, dropoutSeed);
  return { output, states: after, ...activation };
}

/** The loss is the weighted sum of the outputs, and half the square of the last of each state. */
export function evaluateCore(core: Core, tensors: Tensors, dropoutSeed?: number): Evaluated {
  const { keep, lossWeights, ...differentiated } = tensors;
  return evaluate(differentiated as Tensors, (given) => {
    const { output, states, ...activation } = runCore(core, { ...given, keep } as Tensors, dropoutSeed);
    const last = states.map((state) => tf.sum(tf.square(tf.gather(state, state.shape[0] - 1))));
    const loss = tf.addN([tf.sum(tf.mul(output, lossWeights as tf.Tensor)), ...last.map((sum) => tf.div(sum, 2))]);
    const named = states.map((state, i) => [`after s${i}`, state]);
    return { outputs: { output, ...(Object.fromEntries(named) as Tensors), ...activation }, loss };
  });
}

/** The numbers of one row of the batch: of (T, B, width), or of (B, width). */
export function rowOf(tensor: tf.Tensor, row: number): number[] {
  return [...tf.tidy(() => tf.gather(tensor, row, tensor.rank - 2)).dataSync()];
}
