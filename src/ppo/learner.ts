import { setImmediate as eventLoopTurn } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs';
import type { ActorCritic, NetworkParameters, NetworkPart } from '../../agents/actor-critic.ts';
import type { Kernels } from '../../agents/kernels/index.ts';
import { lossStatistics, type LossStatistics } from '../../agents/kernels/kernels.ts';
import { Optimiser, type OptimiserState } from '../../agents/optimiser.ts';
import type { Random } from '../../agents/random.ts';
import type { RolloutEnvironment } from '../../envs/rollout-environment.ts';
import { type Advantages, advantages, explainedVariance, normalised } from './advantages.ts';
import type { PpoOptions } from './config.ts';
import { ObservationGatherer } from './observation-gatherer.ts';
import type { Rollout } from './rollout.ts';

/** Means over the minibatches of one update. */
export interface UpdateStatistics extends LossStatistics {
  /** Global norm of the gradient before clipping. */
  readonly gradientNorm: number;
  /** Of the values that were predicted when the rollout was played. */
  readonly explainedVariance: number;
}

/** One row-major (E, T) array's rows of the environments of a minibatch, in time-major order: (T, B). */
function timeMajor<A extends Float32Array | Int32Array>(source: A, environments: readonly number[], steps: number): A {
  const batch = environments.length;
  const rows = new (source.constructor as new (size: number) => A)(batch * steps);
  for (const [b, e] of environments.entries())
    for (let t = 0; t < steps; t++) rows[t * batch + b] = source[e * steps + t] as number;
  return rows;
}

/**
 * Holds the parameters and makes them better by PPO: epochs of minibatches of whole environments, each
 * one backpropagation through all T steps.
 */
export class Learner {
  readonly #agent: ActorCritic;
  readonly #kernels: Kernels;
  readonly #options: PpoOptions;
  readonly #random: Random;
  readonly #observations = new ObservationGatherer();
  readonly #optimiser: Optimiser<NetworkPart>;

  /** @param random shuffles the environments before each epoch */
  constructor(agent: ActorCritic, kernels: Kernels, options: PpoOptions, random: Random, start: OptimiserState) {
    this.#agent = agent;
    this.#kernels = kernels;
    this.#options = options;
    this.#random = random;
    this.#optimiser = new Optimiser(agent.layout, kernels, options, start);
  }

  /** The parameters by name; valid until the next update. */
  get parameters(): NetworkParameters {
    return this.#optimiser.parameters;
  }

  /** Copies everything out, for a checkpoint. */
  state(): OptimiserState {
    return this.#optimiser.state();
  }

  /** Frees parameters and gradients. */
  dispose(): void {
    this.#optimiser.dispose();
  }

  /**
   * L2 norm of the last minibatch's gradient with respect to each parameter, by name; empty before the first update.
   */
  gradientNorms(): Record<string, number> {
    return this.#optimiser.gradientNorms();
  }

  /**
   * Learns from one rollout.
   * @throws UserError if the loss or the gradient is not a number; the parameters are then useless
   */
  async update(env: RolloutEnvironment, rollout: Rollout, learningRate: number): Promise<UpdateStatistics> {
    const { epochs, minibatches, gamma, gaeLambda } = this.#options;
    const { rewards, terminated, truncated, rolloutSteps } = env;
    const { values, finalValues, lastValues } = rollout;
    const experience = { rewards, values, terminated, truncated, finalValues, lastValues };
    const targets = advantages(experience, rolloutSteps, gamma, gaeLambda);
    const environments = [...Array(env.count).keys()];
    const size = env.count / minibatches;
    const rows: number[][] = [];
    for (let epoch = 0; epoch < epochs; epoch++) {
      this.#random.shuffle(environments);
      for (let start = 0; start < env.count; start += size) {
        rows.push(this.#minibatch(env, rollout, targets, environments.slice(start, start + size), learningRate));
        await eventLoopTurn(); // so that signals are heard
      }
    }
    const mean = (i: number): number => rows.reduce((sum, row) => sum + (row[i] as number), 0) / rows.length;
    const losses = Object.fromEntries(lossStatistics.map((name, i) => [name, mean(i)])) as LossStatistics;
    return {
      ...losses,
      gradientNorm: mean(lossStatistics.length),
      explainedVariance: explainedVariance(values, targets.returns),
    };
  }

  /** One step of the optimiser. @returns the loss's statistics and the gradient's norm */
  #minibatch(
    env: RolloutEnvironment,
    rollout: Rollout,
    targets: Advantages,
    environments: readonly number[],
    learningRate: number,
  ): number[] {
    let statistics: tf.Tensor1D | undefined;
    const { norm } = this.#optimiser.step((parameters) => {
      const inputs = this.#inputs(env, rollout, targets, environments);
      const { logits, values } = this.#agent.evaluate(parameters, inputs.observations, inputs.states, inputs.keep);
      const result = this.#kernels.ppoLoss(logits, values, inputs, this.#options);
      statistics = tf.keep(result.statistics);
      return result.loss;
    }, learningRate);
    const told = statistics as unknown as tf.Tensor1D;
    const row = [...told.dataSync(), norm];
    told.dispose();
    return row;
  }

  /**
   * The minibatch as tensors, time-major.
   */
  #inputs(
    env: RolloutEnvironment,
    rollout: Rollout,
    targets: Advantages,
    environments: readonly number[],
  ): MinibatchInputs {
    const steps = env.rolloutSteps;
    const batch = environments.length;
    const cells = (source: Float32Array): Float32Array => timeMajor(source, environments, steps);
    const vector = (source: Float32Array): tf.Tensor1D => tf.tensor1d(cells(source));
    const states = rollout.initialStates.map((all) => {
      const width = all.length / env.count;
      const rows = new Float32Array(batch * width);
      for (const [b, e] of environments.entries()) rows.set(all.subarray(e * width, (e + 1) * width), b * width);
      return tf.tensor2d(rows, [batch, width]);
    });
    const chosen = cells(targets.advantages);
    return {
      observations: this.#agent.observationTensor(
        this.#observations.gather(env, environments, 0, steps),
        batch * steps,
      ),
      states,
      keep: tf.tensor2d(cells(rollout.keep), [steps, batch]),
      actions: tf.tensor1d(timeMajor(rollout.actions, environments, steps), 'int32'),
      oldLogProbabilities: vector(rollout.logProbabilities),
      oldValues: vector(rollout.values),
      advantages: tf.tensor1d(this.#options.normaliseAdvantages ? normalised(chosen) : chosen),
      returns: vector(targets.returns),
    };
  }
}

interface MinibatchInputs {
  readonly observations: tf.Tensor;
  /** (B, width) each */
  readonly states: readonly tf.Tensor2D[];
  /** (T, B) */
  readonly keep: tf.Tensor2D;
  /** All (T * B), time-major. */
  readonly actions: tf.Tensor1D;
  readonly oldLogProbabilities: tf.Tensor1D;
  readonly oldValues: tf.Tensor1D;
  readonly advantages: tf.Tensor1D;
  readonly returns: tf.Tensor1D;
}
