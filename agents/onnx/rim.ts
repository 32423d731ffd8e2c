import type { RimOptions } from '../cores/options.ts';
import type { CoreStep, Parameter } from './core.ts';
import type { Graph, Value } from './graph.ts';
import { rimStep } from './rim-layer.ts';

/** One step of a RIM, as `cores/rim.ts` has it. */
export function rim(
  graph: Graph,
  options: RimOptions,
  parameter: Parameter,
  x: Value,
  states: readonly Value[],
): CoreStep {
  const [h, c] = states as [Value, Value?];
  const { h: output, ...next } = rimStep(graph, options, parameter, graph.split(x, options.inputElements, 1), h, c);
  return { output, ...next };
}
