// Checks RIM layers and stacks of them against another implementation, on the portable and on the native kernels.
import * as tf from '@tensorflow/tfjs';
import { isNativeRim } from '../../agents/cores/limits.ts';
import { loadTensorFlow } from '../../agents/kernels/backend.ts';
import { type Kernels, selectKernels } from '../../agents/kernels/index.ts';
import { evaluateBrim } from './brim.ts';
import { type Closeness, closeness, flat } from './closeness.ts';
import type { Evaluated } from './evaluation.ts';
import type { BrimCase, Nested, RimCase } from './rim-file.ts';
import { caseTensors, elementNames, evaluateRim } from './rim-layer.ts';

/** Share of a tensor's largest magnitude by which float32 may differ from the references' float64. */
const tolerance = 1e-4;

/** What became of a case on one kind of kernels. */
export interface RimCheck {
  readonly kind: 'rim' | 'brim';
  readonly name: string;
  readonly kernels: 'portable' | 'native';
  /** Whether the native operations do not take so many modules or elements, and the portable ones stood in. */
  readonly isStoodIn: boolean;
  /** How many were compared: outputs, the loss, and every gradient. */
  readonly tensors: number;
  /** Largest difference, as a share of its tensor's largest magnitude; null where there is no number. */
  readonly worst: number | null;
  /** The first tensor that differs, or what went wrong; null if all is equal within float32's rounding. */
  readonly difference: string | null;
}

/**
 * Checks every case on both kinds of kernels.
 * @throws UserError if TensorFlow or the native kernels are not there
 */
export async function checkRimCases(
  { rim, brim }: { rim: readonly RimCase[]; brim: readonly BrimCase[] },
  onResult: (result: RimCheck) => void,
): Promise<void> {
  await loadTensorFlow();
  const kinds = [selectKernels('portable'), selectKernels('native')];
  for (const one of rim) for (const kernels of kinds) onResult(checkRim(kernels, one));
  for (const one of brim) for (const kernels of kinds) onResult(checkBrim(kernels, one));
}

/** A RIM layer: its outputs, loss, and all gradients. */
export function checkRim(kernels: Kernels, one: RimCase): RimCheck {
  const evaluated = (): Evaluated => evaluateRim(kernels, one.config, caseTensors(one));
  const { loss, ...outputs } = one.outputs;
  const lastC = one.config.rnn === 'lstm' && outputs['c'] ? flat((outputs['c'] as Nested[]).at(-1) ?? []) : [];
  const terms = magnitude(outputs.h, one.inputs.lossWeights) + lastC.reduce((sum, c) => sum + c ** 2 / 2, 0);
  const isStoodIn = kernels.name === 'native' && !isNativeRim(one.config.modules, elementNames(one.inputs).length);
  return check({ kind: 'rim', name: one.name, kernels: kernels.name, isStoodIn }, evaluated, [
    ...Object.entries(outputs).map(output),
    expectedLoss(loss, terms),
    ...Object.entries(one.grads).map(gradient),
  ]);
}

/** Layers of RIMs, likewise. */
export function checkBrim(kernels: Kernels, one: BrimCase): RimCheck {
  const { active, loss, ...states } = one.outputs;
  const { params, x, h0, c0 } = one.grads;
  const layers = one.layers.flatMap((_, l) => [
    ...(active ? [output([`${l}.active`, active.map((step) => step[l] as Nested)])] : []),
    ...Object.entries({ ...params[l], ...(h0[l] && { h0: h0[l] }), ...(c0?.[l] && { c0: c0[l] }) }).map(
      ([name, value]) => gradient([`${l}.${name}`, value]),
    ),
  ]);
  const evaluated = (): Evaluated => evaluateBrim(kernels, one);
  const isStoodIn = kernels.name === 'native' && !one.layers.every(({ modules }) => isNativeRim(modules, 1));
  return check({ kind: 'brim', name: one.name, kernels: kernels.name, isStoodIn }, evaluated, [
    ...Object.entries(states).map(output),
    expectedLoss(loss, magnitude(states.top, one.inputs.lossWeights)),
    gradient(['x', x]),
    ...layers,
  ]);
}

/** One tensor that is compared: where it is found, and what it should be. */
interface Expected {
  readonly name: string;
  readonly find: (evaluated: Evaluated) => tf.Tensor | undefined;
  readonly values: Nested;
  /** Of a sum: see {@link closeness}. */
  readonly terms?: number;
}

const output = ([name, values]: [string, Nested]): Expected => ({ name, find: ({ outputs }) => outputs[name], values });

const expectedLoss = (values: number, terms: number): Expected => ({
  name: 'loss',
  find: ({ loss }) => loss,
  ...{ values, terms },
});

/** Sum of the products' magnitudes. */
function magnitude(h: Nested, weights: Nested): number {
  const each = flat(weights);
  return flat(h).reduce((sum, value, i) => sum + Math.abs(value * (each[i] ?? 0)), 0);
}

const gradient = ([name, values]: [string, Nested]): Expected => ({
  name: `gradient of ${name}`,
  find: ({ grads }) => grads[name],
  values,
});

function check(
  of: Pick<RimCheck, 'kind' | 'name' | 'kernels' | 'isStoodIn'>,
  evaluate: () => Evaluated,
  expected: readonly Expected[],
): RimCheck {
  const about = { ...of, tensors: expected.length };
  tf.engine().startScope();
  try {
    const evaluated = evaluate();
    const compared = expected.map((one) => compare(evaluated, one));
    tf.dispose(evaluated.outputs);
    const worst = compared.reduce((most, one) => Math.max(most, one.worst), 0);
    const difference = compared.find((one) => one.difference !== undefined)?.difference ?? null;
    return { ...about, worst: Number.isNaN(worst) ? null : worst, difference };
  } catch (error) {
    // Shapes that do not belong together: the case is at fault, and the next may be sound.
    const reason = (error as Error).message.replace(/^Invalid TF_Status: \d+\nMessage: /, '');
    return { ...about, worst: null, difference: reason.replace(/\s+/g, ' ').trim() };
  } finally {
    tf.engine().endScope();
  }
}

function compare(evaluated: Evaluated, { name, find, values, terms }: Expected): Closeness {
  const actual = find(evaluated);
  if (!actual) return { worst: NaN, difference: `${name}: not among what is computed` };
  return closeness(name, actual, flat(values), tolerance, terms);
}
