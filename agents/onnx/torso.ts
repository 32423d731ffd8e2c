import type { AgentOptions } from '../actor-critic.ts';
import type { Parameter } from './core.ts';
import type { Graph, Value } from './graph.ts';
import { linear, reshape, transpose } from './operations.ts';

/** Features (B, f) of observations (B, ...shape). */
export function torso(
  graph: Graph,
  { observationType }: AgentOptions,
  parameter: Parameter,
  observation: Value,
): Value {
  return observationType === 'uint8' ? natureCnn(graph, parameter, observation) : mlp(graph, parameter, observation);
}

/** As `torsos/nature-cnn.ts` has it. ONNX wants channels before rows and columns; weights are held as ours are. */
function natureCnn(graph: Graph, parameter: Parameter, frames: Value): Value {
  const scaled = graph.apply('Div', [graph.toFloat(frames), graph.number(255)]);
  let x = transpose(graph, scaled, [0, 3, 1, 2]);
  for (const [i, stride] of [4, 2, 1].entries()) {
    const weights = transpose(graph, parameter(`w${i}`), [3, 2, 0, 1]);
    const sums = graph.apply('Conv', [x, weights, parameter(`b${i}`)], { strides: [stride, stride] });
    x = graph.apply('Relu', [sums]);
  }
  const flat = reshape(graph, transpose(graph, x, [0, 2, 3, 1]), [0, -1]);
  return graph.apply('Relu', [linear(graph, flat, parameter('weights'), parameter('bias'))]);
}

/** As `torsos/mlp.ts` has it. */
function mlp(graph: Graph, parameter: Parameter, vector: Value): Value {
  const hidden = graph.apply('Tanh', [linear(graph, vector, parameter('weights0'), parameter('bias0'))]);
  return graph.apply('Tanh', [linear(graph, hidden, parameter('weights1'), parameter('bias1'))]);
}
