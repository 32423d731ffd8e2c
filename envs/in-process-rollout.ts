import type { Box, Discrete, Env } from 'gym-js';
import { requireWhole } from './ranges.ts';
import type { FinishedGame, RolloutEnvironment } from './rollout-environment.ts';
import { environmentSeed } from './seeds.ts';

/** An environment small enough to step in the trainer's own thread. */
export interface SmallEnv extends Env<Float32Array, number> {
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

/** Environments in the trainer's own thread, in one group: `send` steps them, `wait` has nothing to wait for. */
export class InProcessRollout implements RolloutEnvironment {
  readonly count: number;
  readonly groups = 1;
  readonly rolloutSteps: number;
  readonly actions: number;
  readonly actionMeanings: readonly string[];
  readonly observationShape: readonly number[];
  readonly observationType = 'float32';
  readonly recipe: string;
  readonly observations: Float32Array;
  readonly rewards: Float32Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly finalObservations: Float32Array;

  private readonly envs: SmallEnv[];
  private readonly seeds: number[];
  /** Elements of one observation. */
  private readonly size: number;
  private readonly scores: Float64Array;
  private readonly lengths: Float64Array;
  private finished: FinishedGame[] = [];

  /** `make` makes environment i; all must have the same spaces. Throws UserError if a number is out of range. */
  constructor(make: (index: number) => SmallEnv, { count, rolloutSteps, seed, recipe }: InProcessOptions) {
    requireWhole('envs', count, 1, 65_536);
    requireWhole('rolloutSteps', rolloutSteps, 1, 65_536);
    this.count = count;
    this.rolloutSteps = rolloutSteps;
    this.recipe = recipe;
    this.envs = Array.from({ length: count }, (_, index) => make(index));
    this.seeds = this.envs.map((_, index) => environmentSeed(seed, index));
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
    this.scores = new Float64Array(count);
    this.lengths = new Float64Array(count);
  }

  async reset(): Promise<void> {
    this.scores.fill(0);
    this.lengths.fill(0);
    for (const [e, env] of this.envs.entries()) this.write(e, 0, env.reset({ seed: this.seeds[e] }).observation);
  }

  send(group: number, t: number, actions: Int32Array): void {
    if (group !== 0) throw new RangeError(`group ${group} does not exist; there is one group, 0`);
    for (const [e, env] of this.envs.entries()) this.stepOne(env, e, t, actions[e] ?? -1);
  }

  async wait(): Promise<void> {}

  rollover(): void {
    for (let e = 0; e < this.count; e++) {
      const first = this.offset(e, 0);
      const last = this.offset(e, this.rolloutSteps);
      this.observations.copyWithin(first, last, last + this.size);
    }
  }

  takeEpisodes(): FinishedGame[] {
    const taken = this.finished;
    this.finished = [];
    return taken;
  }

  async close(): Promise<void> {
    for (const env of this.envs) env.close();
  }

  private stepOne(env: SmallEnv, e: number, t: number, action: number): void {
    const { observation, reward, terminated, truncated } = env.step(action);
    const cut = truncated && !terminated;
    const cell = e * this.rolloutSteps + t;
    this.rewards[cell] = reward;
    this.terminated[cell] = Number(terminated);
    this.truncated[cell] = Number(cut);
    const score = (this.scores[e] ?? 0) + reward;
    const steps = (this.lengths[e] ?? 0) + 1;
    const over = terminated || cut;
    this.scores[e] = over ? 0 : score;
    this.lengths[e] = over ? 0 : steps;
    if (cut) this.finalObservations.set(observation, e * this.size);
    if (over) {
      const seed = this.seeds[e] ?? 0;
      this.finished.push({ env: e, seed, score, steps, frames: steps, livesLost: 0, truncated: cut, endStep: t });
    }
    this.write(e, t + 1, over ? env.reset().observation : observation);
  }

  private write(e: number, t: number, observation: Float32Array): void {
    this.observations.set(observation, this.offset(e, t));
  }

  private offset(e: number, t: number): number {
    return (e * (this.rolloutSteps + 1) + t) * this.size;
  }

  private at(e: number): SmallEnv {
    const env = this.envs[e];
    if (!env) throw new RangeError(`environment ${e} does not exist; there are ${this.count}`);
    return env;
  }
}
