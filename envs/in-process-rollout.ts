import type { Box, Discrete, Env } from 'gym-js';
import type { Saveable } from './listed-env.ts';
import { requireWhole } from './ranges.ts';
import type { FinishedGame, RolloutEnvironment } from './rollout-environment.ts';
import { packSaved, unpackSaved } from './saved-bytes.ts';
import { environmentSeed } from './seeds.ts';
import { UserError } from './user-error.ts';

/** An environment small enough to step in the trainer's own thread. */
export interface InProcessEnv extends Env<Float32Array, number>, Partial<Saveable> {
  readonly observationSpace: Box;
  readonly actionSpace: Discrete;
}

export interface InProcessOptions {
  /** Number of environments, from 1. */
  count: number;
  /** T: agent steps per rollout, from 1. */
  rolloutSteps: number;
  /** Seed of the run; each environment gets its own from it. */
  seed: number;
  /** What it is, in one line, for the results. */
  recipe: string;
}

/** The episode that an environment is in. */
interface Place {
  /** The environment's seed. */
  readonly seed: number;
  steps: number;
  /** Sum of the rewards. */
  score: number;
}

interface Saved {
  readonly recipe: string;
  readonly places: readonly Place[];
  /** Of each environment, and (count, size) the observations that they showed last. */
  readonly states: readonly object[];
  readonly observations: Float32Array;
  readonly finished: FinishedGame[];
}

const savedKind = 'InProcessRollout';

/**
 * Environments in the trainer's own thread, in one group: `send` steps them, `wait` has nothing to wait for. They can
 * be saved where each of them can.
 */
export class InProcessRollout implements RolloutEnvironment {
  readonly count: number;
  readonly groups = 1;
  readonly rolloutSteps: number;
  readonly actions: number;
  readonly actionMeanings: readonly string[];
  readonly observationShape: readonly number[];
  readonly observationType = 'float32';
  readonly recipe: string;
  readonly versions = {};
  readonly observations: Float32Array;
  readonly rewards: Float32Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly finalObservations: Float32Array;

  private readonly envs: InProcessEnv[];
  private places: Place[];
  /** Elements of one observation. */
  private readonly size: number;
  /** The row of `observations` that was written last. */
  private newest = 0;
  private finished: FinishedGame[] = [];

  /** `make` makes environment i; all must have the same spaces. Throws UserError if a number is out of range. */
  constructor(make: (index: number) => InProcessEnv, { count, rolloutSteps, seed, recipe }: InProcessOptions) {
    requireWhole('envs', count, 1, 65_536);
    requireWhole('rolloutSteps', rolloutSteps, 1, 65_536);
    this.count = count;
    this.rolloutSteps = rolloutSteps;
    this.recipe = recipe;
    this.envs = Array.from({ length: count }, (_, index) => make(index));
    this.places = this.envs.map((_, index) => placeAt(environmentSeed(seed, index)));
    const { observationSpace, actionSpace } = this.at(0);
    this.actions = actionSpace.n;
    this.actionMeanings = Array.from({ length: actionSpace.n }, (_, action) => `${action}`);
    this.observationShape = observationSpace.shape;
    this.size = observationSpace.size;
    this.observations = new Float32Array(count * (rolloutSteps + 1) * this.size);
    this.finalObservations = new Float32Array(count * this.size);
    this.rewards = new Float32Array(count * rolloutSteps);
    this.terminated = new Uint8Array(count * rolloutSteps);
    this.truncated = new Uint8Array(count * rolloutSteps);
  }

  async reset(): Promise<void> {
    this.places = this.places.map(({ seed }) => placeAt(seed));
    for (const [e, env] of this.envs.entries()) {
      this.write(e, 0, env.reset({ seed: this.place(e).seed }).observation);
    }
    this.newest = 0;
    this.finished = [];
  }

  send(group: number, t: number, actions: Int32Array): void {
    if (group !== 0) throw new RangeError(`group ${group} does not exist; there is one group, 0`);
    for (const [e, env] of this.envs.entries()) this.stepOne(env, e, t, actions[e] ?? -1);
    this.newest = t + 1;
  }

  async wait(): Promise<void> {}

  rollover(): void {
    for (let e = 0; e < this.count; e++) {
      const first = this.offset(e, 0);
      const last = this.offset(e, this.rolloutSteps);
      this.observations.copyWithin(first, last, last + this.size);
    }
    this.newest = 0;
  }

  takeEpisodes(): FinishedGame[] {
    const taken = this.finished;
    this.finished = [];
    return taken;
  }

  async save(): Promise<Uint8Array> {
    const { recipe, places, finished, size } = this;
    const states = this.envs.map((env) => this.saveable(env).saveState());
    const observations = new Float32Array(this.count * size);
    for (let e = 0; e < this.count; e++) {
      const start = this.offset(e, this.newest);
      observations.set(this.observations.subarray(start, start + size), e * size);
    }
    return packSaved(savedKind, { recipe, places, states, observations, finished } satisfies Saved);
  }

  async restore(bytes: Uint8Array): Promise<void> {
    const saved = unpackSaved(savedKind, bytes) as Saved;
    if (saved.recipe !== this.recipe) {
      throw new UserError(`the saved environments are "${saved.recipe}", these "${this.recipe}"; open the same ones`);
    }
    if (saved.places.length !== this.count) {
      throw new UserError(`${saved.places.length} environments were saved, there are ${this.count}; open as many`);
    }
    const saveable = this.envs.map((env) => this.saveable(env));
    for (const [e, env] of saveable.entries()) {
      env.restoreState(saved.states[e] as object);
      this.write(e, 0, saved.observations.subarray(e * this.size, (e + 1) * this.size));
    }
    this.places = saved.places.map((place) => ({ ...place }));
    this.newest = 0;
    this.finished = [...saved.finished];
  }

  /** Closes every environment, then throws what the first of those that cannot close threw. */
  async close(): Promise<void> {
    const closed = await Promise.allSettled(this.envs.map(async (env) => env.close()));
    const failed = closed.find((one) => one.status === 'rejected');
    if (failed) throw failed.reason;
  }

  private stepOne(env: InProcessEnv, e: number, t: number, action: number): void {
    const { observation, reward, terminated, truncated } = env.step(action);
    const place = this.place(e);
    place.score += reward;
    place.steps += 1;
    const cut = truncated && !terminated;
    const cell = e * this.rolloutSteps + t;
    this.rewards[cell] = reward;
    this.terminated[cell] = Number(terminated);
    this.truncated[cell] = Number(cut);
    if (!terminated && !cut) return this.write(e, t + 1, observation);
    this.finalObservations.set(observation, e * this.size);
    const { seed, score, steps } = place;
    this.finished.push({ env: e, seed, score, steps, frames: steps, livesLost: 0, truncated: cut, endStep: t });
    this.places[e] = placeAt(seed);
    this.write(e, t + 1, env.reset().observation);
  }

  private write(e: number, t: number, observation: Float32Array): void {
    this.observations.set(observation, this.offset(e, t));
  }

  private offset(e: number, t: number): number {
    return (e * (this.rolloutSteps + 1) + t) * this.size;
  }

  private saveable(env: InProcessEnv): Saveable {
    if (!env.saveState || !env.restoreState) throw new UserError(`${this.recipe}: these environments cannot be saved`);
    return env as Saveable;
  }

  private place(e: number): Place {
    const place = this.places[e];
    if (!place) throw new RangeError(`environment ${e} does not exist; there are ${this.count}`);
    return place;
  }

  private at(e: number): InProcessEnv {
    const env = this.envs[e];
    if (!env) throw new RangeError(`environment ${e} does not exist; there are ${this.count}`);
    return env;
  }
}

function placeAt(seed: number): Place {
  return { seed, steps: 0, score: 0 };
}
