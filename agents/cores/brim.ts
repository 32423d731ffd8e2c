import * as tf from '@tensorflow/tfjs';
import { mix } from '../kernels/dropout.ts';
import type { Kernels, RimParameters } from '../kernels/index.ts';
import type { RimResult } from '../kernels/kernels.ts';
import type { Parameters, ParameterSpec } from '../parameters.ts';
import { pieces } from '../pieces.ts';
import type { Core } from './core.ts';
import type { RimOptions } from './options.ts';
import { dropoutOf, elementsOf, elementWidths, rimParameters } from './rim-layer.ts';

/**
 * Bidirectional Recurrent Independent Mechanisms (Mittal et al. 2020, arXiv 2006.16981): layers of RIMs, each of which
 * attends to null, to what comes from below and to what comes from above. From below: the features, or all modules of
 * the layer below after this step. From above: all modules of the layer above after the step before; the top layer has
 * nothing above it. In each step the lowest layer goes first.
 * Output: the states of the top layer's modules. States: h and, with LSTM dynamics, c of each layer, the lowest first.
 * Parameters: those of layer l are called `l.inputQuery` and so on. Activation: of all layers' modules side by side.
 * @throws UserError if a layer's input cannot be cut into its elements
 */
export function brim(kernels: Kernels, inputSize: number, layers: readonly RimOptions[]): Core {
  const sizes = layers.map(({ modules, units }) => modules * units);
  const widths = layers.map((layer, l) => {
    const below = elementWidths(l === 0 ? inputSize : (sizes[l - 1] as number), layer);
    return [...below, ...sizes.slice(l + 1, l + 2)];
  });
  const parameters = layers.map((layer, l) => rimParameters(widths[l] as number[], layer));
  const sum = (of: (layer: RimOptions) => number): number => layers.reduce((sum, layer) => sum + of(layer), 0);
  return {
    outputSize: sizes.at(-1) as number,
    stateWidths: layers.flatMap(({ rnn }, l) => Array<number>(rnn === 'lstm' ? 2 : 1).fill(sizes[l] as number)),
    modules: { count: sum(({ modules }) => modules), active: sum(({ active }) => active) },
    parameters: parameters.flatMap((specs, l) => specs.map((spec) => ({ ...spec, name: `${l}.${spec.name}` }))),
    sequence(all, x, states, keep, dropoutSeed) {
      const own = parameters.map((specs, l) => layerParameters(all, specs, l));
      const steps = unrolled(kernels, layers, own, x, statesByLayer(layers, states), keep, dropoutSeed);
      const over = (l: number, name: keyof RimResult): tf.Tensor3D =>
        tf.concat(steps.map((step) => (step[l] as RimResult)[name]));
      const sideBySide = (name: keyof RimResult): tf.Tensor3D =>
        tf.concat(
          layers.map((_, l) => over(l, name)),
          2,
        );
      const h = layers.map((_, l) => over(l, 'h'));
      return {
        output: h.at(-1) as tf.Tensor3D,
        states: layers.flatMap(({ rnn }, l) => [h[l] as tf.Tensor3D, ...(rnn === 'lstm' ? [over(l, 'c')] : [])]),
        activation: { active: sideBySide('active'), nullAttention: sideBySide('nullAttention') },
      };
    },
  };
}

interface State {
  /** (B, n m) each; c is (B, 0) with GRU dynamics. */
  readonly h: tf.Tensor2D;
  readonly c: tf.Tensor2D;
}

/** What each layer made of each step: its tensors are (1, B, width). */
function unrolled(
  kernels: Kernels,
  layers: readonly RimOptions[],
  parameters: readonly RimParameters[],
  x: tf.Tensor3D,
  initial: readonly State[],
  keep: tf.Tensor2D,
  dropoutSeed: number | undefined,
): RimResult[][] {
  const [steps, batch] = keep.shape;
  const rows = pieces(x, steps); // (1, B, e) each
  const keeps = pieces(keep, steps); // (1, B) each
  let states = initial;
  return rows.map((row, t) => {
    const kept = keeps[t] as tf.Tensor2D;
    const column = tf.reshape<tf.Rank.R3>(kept, [1, batch, 1]);
    const results: RimResult[] = [];
    for (const [l, layer] of layers.entries()) {
      const { h, c } = states[l] as State;
      const below = elementsOf(results[l - 1]?.h ?? row, layer);
      const above = states
        .slice(l + 1, l + 2)
        .map((state) => tf.mul<tf.Tensor3D>(tf.expandDims<tf.Tensor3D>(state.h), column));
      const seed = dropoutSeed === undefined ? undefined : seedOf(dropoutSeed, t * layers.length + l);
      const own = parameters[l] as RimParameters;
      results.push(kernels.rimSequence(layer, own, [...below, ...above], h, c, kept, dropoutOf(layer, seed)));
    }
    states = results.map(({ h, c }) => ({ h: tf.squeeze(h, [0]), c: tf.squeeze(c, [0]) }));
    return results;
  });
}

/** States in the core's order, by layer. */
function statesByLayer(layers: readonly RimOptions[], states: readonly tf.Tensor2D[]): State[] {
  let next = 0;
  return layers.map(({ rnn }) => {
    const h = states[next++] as tf.Tensor2D;
    return { h, c: rnn === 'lstm' ? (states[next++] as tf.Tensor2D) : tf.zeros([h.shape[0], 0]) };
  });
}

function layerParameters(all: Parameters, specs: readonly ParameterSpec[], layer: number): RimParameters {
  return Object.fromEntries(specs.map(({ name }) => [name, all[`${layer}.${name}`]])) as unknown as RimParameters;
}

/** Seeds that have nothing in common, for the calls of one sequence. */
function seedOf(seed: number, call: number): number {
  return mix(seed + Math.imul(call + 1, 0x9e3779b9));
}
