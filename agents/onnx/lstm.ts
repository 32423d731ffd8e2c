import type { CoreStep, Parameter } from './core.ts';
import type { Graph, Value } from './graph.ts';
import { linear } from './operations.ts';

/** One step of a layer of LSTM units, as `cores/lstm.ts` has it. */
export function lstm(graph: Graph, parameter: Parameter, x: Value, states: readonly Value[]): CoreStep {
  const [h, c] = states as [Value, Value];
  const fromInput = linear(graph, x, parameter('input'), parameter('bias'));
  const fromHidden = graph.apply('MatMul', [h, parameter('hidden')]);
  const next = lstmStep(graph, graph.apply('Add', [fromInput, fromHidden]), c);
  return { output: next.h, states: [next.h, next.c] };
}

/** From the sum of an LSTM's products and biases, gates i, f, g, o along the last axis, and its c. */
export function lstmStep(graph: Graph, gates: Value, c: Value): { h: Value; c: Value } {
  const [i, f, g, o] = graph.split(gates, 4, -1) as [Value, Value, Value, Value];
  const kept = graph.apply('Mul', [graph.apply('Sigmoid', [f]), c]);
  const added = graph.apply('Mul', [graph.apply('Sigmoid', [i]), graph.apply('Tanh', [g])]);
  const next = graph.apply('Add', [kept, added]);
  return { h: graph.apply('Mul', [graph.apply('Sigmoid', [o]), graph.apply('Tanh', [next])]), c: next };
}
