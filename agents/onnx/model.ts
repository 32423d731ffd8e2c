import { ActorCritic, type NetworkPart } from '../actor-critic.ts';
import type { Bundle } from '../bundle/read-bundle.ts';
import type { Core } from '../cores/core.ts';
import type { CoreOptions } from '../cores/options.ts';
import { portableKernels } from '../kernels/portable/index.ts';
import { coreStep, type Parameter, stateNames } from './core.ts';
import { Graph, type Value } from './graph.ts';
import { linear, unsqueeze } from './operations.ts';
import { torso } from './torso.ts';

/** Version of the inputs, outputs and metadata; docs/export.md describes them. */
export const onnxFormat = 2;

/** One of the core's states in the model: (batch, width). */
export interface OnnxState {
  readonly input: string;
  readonly output: string;
  readonly width: number;
}

/** The states of a core in the model, in its order. */
export function onnxStates(options: CoreOptions, { stateWidths }: Pick<Core, 'stateWidths'>): OnnxState[] {
  return stateNames(options).map((name, i) => ({
    input: name,
    output: `next.${name}`,
    width: stateWidths[i] as number,
  }));
}

/**
 * One step of an agent as an ONNX file, for any number B of episodes at once.
 * Inputs: `observation` (B, ...shape), the core's states (B, width) each, `keep` (B), 0 where an episode begins.
 * Outputs: `logits` (B, A), `value` (B), the states after the step, `hidden` (B, outputSize), what the core gives the
 * heads, and of cores made of modules `active` and `nullAttention` (B, n). Each parameter is a tensor of the file,
 * under its own name and in its own shape.
 */
export function onnxModel({ manifest, parameters, agentStep, update, sha256 }: Bundle): Uint8Array {
  const { agent, environment, training, license } = manifest;
  const { core, layout } = new ActorCritic(agent, portableKernels);
  const graph = new Graph();
  const held = new Map(
    layout.placed.map(({ name, shape, offset, size }) => [
      name,
      graph.tensor(name, shape, parameters.subarray(offset, offset + size)),
    ]),
  );
  const parametersOf = (part: NetworkPart): Parameter => {
    return (name) => held.get(`${part}.${name}`) as Value;
  };

  const observation = graph.input('observation', agent.observationType, ['batch', ...agent.observationShape]);
  const states = onnxStates(agent.core, core);
  const given = states.map(({ input, width }) => graph.input(input, 'float32', ['batch', width]));
  const keep = graph.input('keep', 'float32', ['batch']);

  const features = torso(graph, agent, parametersOf('torso'), observation);
  const before = given.map((state) => graph.apply('Mul', [state, unsqueeze(graph, keep, 1)]));
  const step = coreStep(graph, agent.core, parametersOf('core'), features, before);
  const head = (part: 'policy' | 'value'): Value => {
    const parameter = parametersOf(part);
    return linear(graph, step.output, parameter('weights'), parameter('bias'));
  };

  graph.output('logits', head('policy'), ['batch', agent.actions]);
  graph.output('value', graph.apply('Squeeze', [head('value'), graph.numbers(1)]), ['batch']);
  for (const [i, { output, width }] of states.entries())
    graph.output(output, step.states[i] as Value, ['batch', width]);
  graph.output('hidden', step.output, ['batch', core.outputSize]);
  if (step.activation && core.modules) {
    const shape = ['batch', core.modules.count];
    graph.output('active', step.activation.active, shape);
    graph.output('nullAttention', step.activation.nullAttention, shape);
  }

  const { game, recipe, actionMeanings, settings } = environment;
  return graph.file(`${agent.core.kind} on ${game}`, {
    format: `${onnxFormat}`,
    game,
    actionMeanings: JSON.stringify(actionMeanings),
    recipe,
    settings: JSON.stringify(settings),
    agent: JSON.stringify(agent),
    states: JSON.stringify(states),
    training: JSON.stringify(training),
    agentStep: `${agentStep}`,
    update: `${update}`,
    license,
    sha256,
  });
}
