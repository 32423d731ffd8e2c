import type { RimOptions } from '../cores/options.ts';
import type { CoreStep, Parameter } from './core.ts';
import type { Graph, Value } from './graph.ts';
import { concat } from './operations.ts';
import { type RimStep, rimStep } from './rim-layer.ts';

/** One step of layers of RIMs, as `cores/brim.ts` has it. */
export function brim(
  graph: Graph,
  layers: readonly RimOptions[],
  parameter: Parameter,
  x: Value,
  states: readonly Value[],
): CoreStep {
  let next = 0;
  const before = layers.map(({ rnn }) => ({
    h: states[next++] as Value,
    ...(rnn === 'lstm' && { c: states[next++] as Value }),
  }));
  const steps: RimStep[] = [];
  for (const [l, layer] of layers.entries()) {
    const below = graph.split(steps[l - 1]?.h ?? x, layer.inputElements, 1);
    const above = before.slice(l + 1, l + 2).map(({ h }) => h);
    const { h, c } = before[l] as (typeof before)[number];
    steps.push(rimStep(graph, layer, (name) => parameter(`${l}.${name}`), [...below, ...above], h, c));
  }
  const sideBySide = (of: 'active' | 'nullAttention'): Value => {
    const all = steps.map(({ activation }) => activation[of]);
    return concat(graph, all, 1);
  };
  return {
    output: (steps.at(-1) as RimStep).h,
    states: steps.flatMap((step) => step.states),
    activation: { active: sideBySide('active'), nullAttention: sideBySide('nullAttention') },
  };
}
