import type { ActorCritic, Decision, NetworkParameters } from '../../agents/actor-critic.ts';
import { logSoftmax, sample } from '../../agents/categorical.ts';
import type { Random } from '../../agents/random.ts';
import type { FinishedGame, RolloutEnvironment } from '../../envs/rollout-environment.ts';
import { UserError } from '../errors.ts';
import type { PlayState } from '../runs/index.ts';
import { ObservationGatherer } from './observation-gatherer.ts';
import type { StageClock } from './stage-clock.ts';

/**
 * What E environments went through in T agent steps, beside what the environments hold themselves (observations,
 * rewards, ends). Arrays are (E, T), row-major, and written anew by every {@link Collector.collect},
 * `finalValues` only where an episode was truncated.
 */
export interface Rollout {
  readonly actions: Int32Array;
  /** Log-probability of each action under the policy that played it, in nats. */
  readonly logProbabilities: Float32Array;
  /** The critic's value of the observation before each step. */
  readonly values: Float32Array;
  /** 0 where the step is the first of a learning episode, so that the state is reset before it; else 1. */
  readonly keep: Float32Array;
  /** Value of the true last observation; set where an episode was truncated at that step. */
  readonly finalValues: Float32Array;
  /** (E): value of the observation after the last step. */
  readonly lastValues: Float32Array;
  /** (E, width) each: the core's states before the first step; `keep` has not been applied to them yet. */
  readonly initialStates: readonly Float32Array[];
}

/** Told of every step that is played and of every game that ends, in the order in which they happen. */
export interface RolloutListener {
  /** Environments firstEnv.. played one step each. */
  played(firstEnv: number, decision: Decision): void;
  /** The last step of `game` was told before. */
  finished(game: FinishedGame): void;
}

/** The agent's recurrent state, from one rollout to the next. */
type Memory = Pick<PlayState, 'states' | 'keep'>;

/** What plays: the part of an agent that acts. */
export interface Player extends Pick<ActorCritic, 'act'> {
  readonly core: Pick<ActorCritic['core'], 'stateWidths'>;
}

/**
 * Plays a policy in environments, one rollout after the other; games and the core's state go on from one to the next.
 */
export class Collector {
  readonly #env: RolloutEnvironment;
  readonly #agent: Player;
  readonly #random: Random;
  readonly #listener: RolloutListener;
  readonly #rollout: Rollout;
  readonly #observations = new ObservationGatherer();
  /** (E, width) each, (E): the states after the last step played, and whether the next step keeps them. */
  readonly #states: readonly Float32Array[];
  readonly #keep: Float32Array;
  readonly #stepActions: Int32Array;

  /** Call `env.reset()`, or restore both, before the first {@link Collector.collect}. */
  constructor(env: RolloutEnvironment, agent: Player, random: Random, listener: RolloutListener) {
    const { count, rolloutSteps } = env;
    const cells = count * rolloutSteps;
    const states = (): Float32Array[] => agent.core.stateWidths.map((width) => new Float32Array(count * width));
    this.#env = env;
    this.#agent = agent;
    this.#random = random;
    this.#listener = listener;
    this.#states = states();
    this.#keep = new Float32Array(count);
    this.#stepActions = new Int32Array(count);
    this.#rollout = {
      actions: new Int32Array(cells),
      logProbabilities: new Float32Array(cells),
      values: new Float32Array(cells),
      keep: new Float32Array(cells),
      finalValues: new Float32Array(cells),
      lastValues: new Float32Array(count),
      initialStates: states(),
    };
  }

  /**
   * Plays T steps. With two groups one steps while the other is in the network.
   * Rejects as the environment's `wait` does.
   */
  async collect(parameters: NetworkParameters, clock: StageClock): Promise<Rollout> {
    const env = this.#env;
    const groups = [...Array(env.groups).keys()];
    for (const [i, state] of this.#states.entries()) this.#rollout.initialStates[i]?.set(state);
    for (let t = 0; t < env.rolloutSteps; t++) {
      for (const group of groups) {
        if (t > 0) await this.#finishStep(parameters, group, t - 1, clock);
        clock.enter('act');
        this.#act(parameters, group, t);
        env.send(group, t, this.#stepActions);
      }
    }
    for (const group of groups) await this.#finishStep(parameters, group, env.rolloutSteps - 1, clock);
    clock.enter('act');
    const last = this.#observations.gather(env, [...Array(env.count).keys()], env.rolloutSteps, 1);
    const { values } = this.#decide(parameters, last, 0, env.count);
    this.#rollout.lastValues.set(values);
    return this.#rollout;
  }

  /** What the agent remembers between two rollouts: copies of the core's states, and whether they are kept. */
  save(): Memory {
    return { states: this.#states.map((state) => state.slice()), keep: this.#keep.slice() };
  }

  /** Goes on from what `save` returned. Throws UserError, with nothing changed, if it is of other sizes. */
  restore({ states, keep }: Memory): void {
    const lengths = (arrays: readonly Float32Array[]): string => arrays.map(({ length }) => length).join(', ');
    const [saved, own] = [lengths([keep, ...states]), lengths([this.#keep, ...this.#states])];
    if (saved !== own)
      throw new UserError(
        `the checkpoint's recurrent states have ${saved} numbers, not ${own}: ` +
          'it is of another run; put back the right one, or start a new run',
      );
    for (const [i, state] of this.#states.entries()) state.set(states[i] as Float32Array);
    this.#keep.set(keep);
  }

  /** Chooses the group's actions of step t. */
  #act(parameters: NetworkParameters, group: number, t: number): void {
    const { count, groups, rolloutSteps } = this.#env;
    const size = count / groups;
    const first = group * size;
    const environments = Array.from({ length: size }, (_, b) => first + b);
    const decision = this.#decide(parameters, this.#observations.gather(this.#env, environments, t, 1), first, size);
    const actions = decision.logits.length / size;
    for (let b = 0; b < size; b++) {
      const cell = (first + b) * rolloutSteps + t;
      const logProbabilities = logSoftmax(decision.logits.subarray(b * actions, (b + 1) * actions));
      const action = sample(logProbabilities, this.#random.uniform());
      this.#stepActions[first + b] = action;
      this.#rollout.actions[cell] = action;
      this.#rollout.logProbabilities[cell] = logProbabilities[action] as number;
      this.#rollout.values[cell] = decision.values[b] as number;
      this.#rollout.keep[cell] = this.#keep[first + b] as number;
    }
    for (const [i, state] of decision.states.entries()) this.#states[i]?.set(state, first * (state.length / size));
    this.#listener.played(first, decision);
  }

  /** Waits until the group has made step t, and notes which episodes it ended. */
  async #finishStep(parameters: NetworkParameters, group: number, t: number, clock: StageClock): Promise<void> {
    const { count, groups, rolloutSteps, terminated, truncated } = this.#env;
    clock.enter('wait');
    await this.#env.wait(group);
    clock.enter('act');
    const size = count / groups;
    for (let e = group * size; e < (group + 1) * size; e++) {
      const cell = e * rolloutSteps + t;
      this.#keep[e] = terminated[cell] || truncated[cell] ? 0 : 1;
      if (truncated[cell]) this.#rollout.finalValues[cell] = this.#finalValue(parameters, e);
    }
    for (const game of this.#env.takeEpisodes()) this.#listener.finished(game);
  }

  /**
   * Value of the true last observation of a truncated episode, given all that the core remembers of it. One by one:
   * truncation is rare.
   */
  #finalValue(parameters: NetworkParameters, e: number): number {
    const size = this.#env.finalObservations.length / this.#env.count;
    const observation = this.#env.finalObservations.slice(e * size, (e + 1) * size);
    this.#keep[e] = 1;
    const { values } = this.#decide(parameters, observation, e, 1);
    this.#keep[e] = 0;
    return values[0] as number;
  }

  #decide(
    parameters: NetworkParameters,
    observations: Uint8Array | Float32Array,
    first: number,
    count: number,
  ): Decision {
    const states = this.#states.map((state) => {
      const width = state.length / this.#env.count;
      return state.subarray(first * width, (first + count) * width);
    });
    return this.#agent.act(parameters, observations, states, this.#keep.subarray(first, first + count));
  }
}
