import type { CoreStep, Parameter } from './core.ts';
import type { Graph, Value } from './graph.ts';
import { linear } from './operations.ts';

/** One step of a layer of GRU units, as `cores/gru.ts` has it. */
export function gru(graph: Graph, parameter: Parameter, x: Value, states: readonly Value[]): CoreStep {
  const [h] = states as [Value];
  const fromInput = linear(graph, x, parameter('input'), parameter('bias'));
  const fromHidden = linear(graph, h, parameter('hidden'), parameter('hiddenBias'));
  const next = gruStep(graph, fromInput, fromHidden, h);
  return { output: next, states: [next] };
}

/** From a GRU's two products, each with its bias, gates r, z, n along the last axis, and its h. */
export function gruStep(graph: Graph, fromInput: Value, fromHidden: Value, h: Value): Value {
  const [inputR, inputZ, inputN] = graph.split(fromInput, 3, -1) as [Value, Value, Value];
  const [hiddenR, hiddenZ, hiddenN] = graph.split(fromHidden, 3, -1) as [Value, Value, Value];
  const r = graph.apply('Sigmoid', [graph.apply('Add', [inputR, hiddenR])]);
  const z = graph.apply('Sigmoid', [graph.apply('Add', [inputZ, hiddenZ])]);
  const n = graph.apply('Tanh', [graph.apply('Add', [inputN, graph.apply('Mul', [r, hiddenN])])]);
  return graph.apply('Add', [n, graph.apply('Mul', [z, graph.apply('Sub', [h, n])])]);
}
