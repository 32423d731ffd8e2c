import type { Graph, Value } from './graph.ts';

// Operations of ONNX as the parts of a network want them.

/** x (..., e) times weights (..., e, u), plus bias. */
export function linear(graph: Graph, x: Value, weights: Value, bias: Value): Value {
  return graph.apply('Add', [graph.apply('MatMul', [x, weights]), bias]);
}

/** @param shape 0 stands for the size that the tensor has there, -1 for what is left */
export function reshape(graph: Graph, value: Value, shape: readonly number[]): Value {
  return graph.apply('Reshape', [value, graph.numbers(...shape)]);
}

export function transpose(graph: Graph, value: Value, perm: readonly number[]): Value {
  return graph.apply('Transpose', [value], { perm });
}

export function unsqueeze(graph: Graph, value: Value, axis: number): Value {
  return graph.apply('Unsqueeze', [value, graph.numbers(axis)]);
}

/** @param keepdims 1 if the axis stays, with size 1 */
export function sum(graph: Graph, value: Value, axis: number, keepdims: 0 | 1): Value {
  return graph.apply('ReduceSum', [value, graph.numbers(axis)], { keepdims });
}

/** Side by side along an axis. */
export function concat(graph: Graph, values: readonly Value[], axis: number): Value {
  return values.length === 1 ? (values[0] as Value) : graph.apply('Concat', values, { axis });
}
