import { Box, Discrete, type Generator } from 'gym-js';
import { EpisodicEnv, type Outcome } from '../episodic-env.ts';
import { requireWhole } from '../ranges.ts';

/** Channels after the cue's: whether to choose now, and two of noise. */
const channelsAfterCue = 3;

export interface CueRecallOptions {
  /** Number of cues and of actions, 2..16; default 2. */
  choices?: number;
  /** Distracting steps between the cue and the choice, 1..1000; default 6. */
  delay?: number;
}

interface Recall {
  cue: number;
  /** Agent steps taken in this episode. */
  taken: number;
  noise: [number, number];
}

/**
 * The smallest task that needs memory, in the manner of a T-maze (Bakker 2001): a cue is shown in the first
 * observation alone, `delay` steps of noise follow in which actions do nothing, then comes the one choice that counts.
 * Choosing the cue is worth 1, any other action -1, and the episode ends: always delay + 2 agent steps.
 *
 * Observation, float32 (choices + 3): the cue as one-hot (zeros after the first step); 1 at the step of the choice;
 * two numbers uniform in [-1, 1). A policy without memory sees nothing of the cue when it chooses, so its expected
 * return is 2 / choices - 1 whatever it does; remembering the cue always gives 1.
 */
export class CueRecall extends EpisodicEnv<Float32Array, number, Recall> {
  readonly observationSpace: Box;
  readonly actionSpace: Discrete;
  private readonly choices: number;
  private readonly delay: number;

  /** Throws UserError for an option outside its range. */
  constructor({ choices = 2, delay = 6 }: CueRecallOptions = {}) {
    super();
    requireWhole('choices', choices, 2, 16);
    requireWhole('delay', delay, 1, 1000);
    this.choices = choices;
    this.delay = delay;
    this.observationSpace = new Box({ low: -1, high: 1, shape: [choices + channelsAfterCue], dtype: 'float32' });
    this.actionSpace = new Discrete(choices);
  }

  protected begin(random: Generator): Recall {
    return { cue: random.integers(0, this.choices), taken: 0, noise: noise(random) };
  }

  protected advance(recall: Recall, action: number, random: Generator): Outcome {
    recall.taken += 1;
    recall.noise = noise(random);
    const terminated = recall.taken === this.delay + 2;
    return { reward: terminated ? (action === recall.cue ? 1 : -1) : 0, terminated };
  }

  /** The observation before action `taken`; after the last action that of an empty room. */
  protected observe({ cue, taken, noise }: Recall): Float32Array {
    const observation = new Float32Array(this.choices + channelsAfterCue);
    if (taken === 0) observation[cue] = 1;
    if (taken === this.delay + 1) observation[this.choices] = 1;
    observation.set(noise, this.choices + 1);
    return observation;
  }
}

function noise(random: Generator): [number, number] {
  return [random.uniform(-1, 1), random.uniform(-1, 1)];
}
