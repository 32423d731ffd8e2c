import { Box, Discrete, type Env, type ResetOptions, type ResetResult, type StepResult } from 'gym-js';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { requireWhole } from '../ranges.ts';

/** Channels after the cue's: whether to choose now, and two of noise. */
const channelsAfterCue = 3;

export interface CueRecallOptions {
  /** Number of cues and of actions, 2..16; default 2. */
  choices?: number;
  /** Distracting steps between the cue and the choice, 1..1000; default 6. */
  delay?: number;
  /** Seed until `reset` gives another; default 0. */
  seed?: number;
}

/**
 * The smallest task that needs memory, in the manner of a T-maze (Bakker 2001): a cue is shown in the first
 * observation alone, `delay` steps of noise follow in which actions do nothing, then comes the one choice that counts.
 * Choosing the cue is worth 1, any other action -1, and the episode ends: always delay + 2 agent steps.
 *
 * Observation, float32 (choices + 3): the cue as one-hot (zeros after the first step); 1 at the step of the choice;
 * two numbers uniform in [-1, 1). A policy without memory sees nothing of the cue when it chooses, so its expected
 * return is `chanceReturn` whatever it does; remembering the cue always gives `bestReturn`.
 */
export class CueRecall implements Env<Float32Array, number> {
  readonly observationSpace: Box;
  readonly actionSpace: Discrete;
  readonly choices: number;
  readonly delay: number;
  /** Agent steps per episode. */
  readonly episodeSteps: number;
  /** Expected return of every policy without memory: 2 / choices - 1. */
  readonly chanceReturn: number;
  /** The best expected return, which one that remembers reaches in every episode. */
  readonly bestReturn = 1;

  private random: RandomGenerator;
  private cue = 0;
  /** Agent steps taken in this episode; `episodeSteps` where `reset` must come first. */
  private taken: number;

  /** Throws UserError for an option outside its range. */
  constructor({ choices = 2, delay = 6, seed = 0 }: CueRecallOptions = {}) {
    requireWhole('choices', choices, 2, 16);
    requireWhole('delay', delay, 1, 1000);
    this.choices = choices;
    this.delay = delay;
    this.episodeSteps = delay + 2;
    this.chanceReturn = 2 / choices - 1;
    this.observationSpace = new Box({ low: -1, high: 1, shape: [choices + channelsAfterCue], dtype: 'float32' });
    this.actionSpace = new Discrete(choices);
    this.taken = this.episodeSteps;
    this.random = xoroshiro128plus(seed);
  }

  reset({ seed }: ResetOptions = {}): ResetResult<Float32Array> {
    if (seed !== undefined) this.random = xoroshiro128plus(seed);
    this.cue = uniformInt(this.random, 0, this.choices - 1);
    this.taken = 0;
    return { observation: this.observe(), info: {} };
  }

  step(action: number): StepResult<Float32Array> {
    if (this.taken >= this.episodeSteps) throw new Error('the episode is over; call reset() before step()');
    if (!this.actionSpace.contains(action)) {
      throw new RangeError(`action ${action} is not a whole number from 0 to ${this.choices - 1}`);
    }
    this.taken += 1;
    const terminated = this.taken === this.episodeSteps;
    const reward = terminated ? (action === this.cue ? 1 : -1) : 0;
    return { observation: this.observe(), reward, terminated, truncated: false, info: {} };
  }

  close(): void {}

  /** The observation before action `taken`; after the last action that of an empty room. */
  private observe(): Float32Array {
    const observation = new Float32Array(this.choices + channelsAfterCue);
    if (this.taken === 0) observation[this.cue] = 1;
    if (this.taken === this.episodeSteps - 1) observation[this.choices] = 1;
    observation[this.choices + 1] = uniformFloat64(this.random) * 2 - 1;
    observation[this.choices + 2] = uniformFloat64(this.random) * 2 - 1;
    return observation;
  }
}
