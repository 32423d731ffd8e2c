import { kernels } from '#platform';
import * as tf from '@tensorflow/tfjs';
import { ActorCritic, type Decision, type NetworkParameters, type StepActivation } from './actor-critic.ts';
import { loadBundle } from './bundle/load-bundle.ts';
import type { Bundle } from './bundle/read-bundle.ts';
import { logSoftmax, mostLikely, sample } from './categorical.ts';
import type { FrozenAgent } from './frozen-agent.ts';
import type { Kernels } from './kernels/index.ts';
import type { Random } from './random.ts';
import { UserError } from './user-error.ts';

/** What an agent remembers: the core's states, (B, width) each; of a core without memory none. */
export type AgentState = readonly Float32Array[];

/** What an agent does after one observation. */
export interface Act {
  /** Index of the action; `manifest.environment.actionMeanings` names it. */
  readonly action: number;
  /** (actions), not normalised. */
  readonly logits: Float32Array;
  readonly value: number;
  /** For the next observation of the same episode. */
  readonly state: AgentState;
  /** Of cores made of modules; (n) each. */
  readonly activation?: StepActivation;
}

/**
 * A trained policy that acts and learns nothing: in Node on the project's TensorFlow, in a browser on the backend of
 * tfjs that the page has chosen.
 */
export class Agent implements FrozenAgent {
  readonly manifest: FrozenAgent['manifest'];
  readonly agentStep: number;
  readonly update: number;
  readonly sha256: string;
  readonly parameterCount: number;
  readonly core: FrozenAgent['core'];
  readonly #network: ActorCritic;
  readonly #tensors: readonly tf.Tensor[];
  readonly #parameters: NetworkParameters;
  #disposed = false;

  /**
   * @param path the folder of a run or of a bundle; in a browser its URL
   * @throws UserError, one line, where there is none, where it is damaged or of another version, or where TensorFlow
   *   does not load
   */
  static async load(path: string): Promise<Agent> {
    const bundle = await loadBundle(path);
    return new Agent(bundle, await kernels());
  }

  /** @param kernels what computes; the portable ones run on any backend of tfjs */
  constructor({ manifest, parameters, agentStep, update, sha256 }: Bundle, kernels: Kernels) {
    this.manifest = manifest;
    this.agentStep = agentStep;
    this.update = update;
    this.sha256 = sha256;
    this.#network = new ActorCritic(manifest.agent, kernels);
    this.core = this.#network.core;
    const { layout } = this.#network;
    this.parameterCount = layout.size;
    const flat = tf.tensor1d(parameters);
    const cut = layout.split(flat);
    this.#tensors = [flat, ...cut];
    this.#parameters = layout.named(cut);
  }

  /** What it remembers before the first observation of an episode, or of `batch` of them: zeros. */
  initialState(batch = 1): AgentState {
    return this.core.stateWidths.map((width) => new Float32Array(batch * width));
  }

  /**
   * One step of one episode.
   * @param observation of the shape and type in `manifest.agent`, as one array
   * @param state what the step before returned; left out at the start of an episode
   * @param options.random draws the action by the policy's probabilities; without it the most likely one is taken
   * @throws UserError where observation or state are of another size or type
   */
  act(
    observation: Uint8Array | Float32Array,
    state: AgentState = this.initialState(),
    { random }: { readonly random?: Random } = {},
  ): Act {
    const { logits, values, states, activation } = this.actBatch(observation, state, Float32Array.of(1));
    const action = random ? sample(logSoftmax(logits), random.uniform()) : mostLikely(logits);
    return { action, logits, value: values[0] as number, state: states, ...(activation && { activation }) };
  }

  /**
   * One step of B episodes.
   * @param observations (B, ...shape) @param states (B, width) each
   * @param keep (B): 0 where an episode begins, so that its state is reset before this step, else 1
   * @throws UserError where they are of other sizes or types, or the agent was disposed
   */
  actBatch(observations: Uint8Array | Float32Array, states: AgentState, keep: Float32Array): Decision {
    if (this.#disposed) throw new UserError('this agent was disposed, its parameters are freed; load it again');
    if (!(keep instanceof Float32Array) || keep.length === 0)
      throw new UserError(`keep is ${described(keep)}; give a Float32Array, a number per episode, one at least`);
    const batch = keep.length;
    const { observationShape, observationType } = this.manifest.agent;
    const array = observationType === 'uint8' ? Uint8Array : Float32Array;
    const size = observationShape.reduce((a, b) => a * b, batch);
    if (!(observations instanceof array) || observations.length !== size)
      throw new UserError(
        `an observation of ${described(observations)}; this agent takes ${array.name} of ` +
          `${size} (${[...(batch === 1 ? [] : [batch]), ...observationShape].join('x')})`,
      );
    const widths = this.core.stateWidths.map((width) => batch * width);
    const other = states.find((state) => !(state instanceof Float32Array));
    if (other !== undefined)
      throw new UserError(`a state of ${described(other)}; give the Float32Arrays that the step before returned`);
    if (states.map(({ length }) => length).join() !== widths.join())
      throw new UserError(
        `a state of [${states.map(({ length }) => length).join(', ')}] numbers; this agent's has ` +
          `[${widths.join(', ')}]: give what the step before returned, or nothing`,
      );
    return this.#network.act(this.#parameters, observations, states, keep);
  }

  /** Frees the memory that its parameters take in tfjs. It cannot act afterwards. */
  dispose(): void {
    this.#disposed = true;
    tf.dispose([...this.#tensors]);
  }
}

function described(value: unknown): string {
  return ArrayBuffer.isView(value) && 'length' in value
    ? `${value.constructor.name} of ${String(value.length)}`
    : Array.isArray(value)
      ? 'a plain array'
      : typeof value;
}
