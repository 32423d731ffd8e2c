/**
 * What a trainer needs of any vector of environments, be it the Atari worker pool or a small task in process.
 *
 * Terms: e is an environment (0..count-1), t an agent step within a rollout (0..rolloutSteps-1), an agent step is one
 * action in one environment, a frame one emulated frame. All arrays are C-ordered and keep their identity for the
 * life of the vector, so a learner may hold views of them. Environments of group g are the rows
 * [g * count / groups, (g + 1) * count / groups).
 *
 * One rollout:
 *   await env.reset()                                  once
 *   for t in 0..rolloutSteps-1: env.send(g, t, actions); await env.wait(g)
 *   ...learn from the arrays...
 *   env.rollover()                                     the next rollout begins where this one ended
 */
export interface RolloutEnvironment {
  /** Number of environments. */
  readonly count: number;
  /** 1, or 2 where one half steps while the other is in the network. `count` is divisible by it. */
  readonly groups: number;
  /** T: agent steps per rollout. */
  readonly rolloutSteps: number;
  /** Number of discrete actions; an action is an index 0..actions-1. */
  readonly actions: number;
  /** One name per action, such as 'FIRE'. */
  readonly actionMeanings: readonly string[];
  /** Shape of one observation, such as [84, 84, 4] (height, width, channel; the newest frame is the last channel). */
  readonly observationShape: readonly number[];
  readonly observationType: 'uint8' | 'float32';
  /** The preprocessing recipe in one line; stands in every result. */
  readonly recipe: string;
  /** Of what else than this package decides what the environments do, by name, such as `ale`. */
  readonly versions: Readonly<Record<string, string>>;

  /**
   * (count, rolloutSteps + 1, ...observationShape). Row [e][t] is the observation before action t; row
   * [e][rolloutSteps] the one after the last action. Backed by a SharedArrayBuffer where workers write it.
   */
  readonly observations: Uint8Array | Float32Array;
  /** (count, rolloutSteps): the learner's reward, clipped if the options say so. */
  readonly rewards: Float32Array;
  /**
   * (count, rolloutSteps): 1 where the learning episode ended at step t by its own rules (game over, or a lost life).
   */
  readonly terminated: Uint8Array;
  /** (count, rolloutSteps): 1 where it was cut off (frame cap); never 1 together with `terminated`. */
  readonly truncated: Uint8Array;
  /**
   * (count, ...observationShape). After step t with terminated or truncated[e][t] = 1, row e is the true last
   * observation of the ended episode (after a game, observations row [e][t + 1] is already the next game's first);
   * valid until e's next end.
   */
  readonly finalObservations: Uint8Array | Float32Array;

  /**
   * Begins a new game everywhere and writes observations row [e][0]. No step may be under way. Rejects as `wait` does.
   */
  reset(): Promise<void>;
  /**
   * Begins step t of a group. `actions` has length `count`; the group's own rows are read, and copied before the
   * call returns. Writes rewards, terminated and truncated column t and observations row t + 1. When an episode
   * ends by game over or cap, row t + 1 is the first observation of the next game (same-step reset).
   */
  send(group: number, t: number, actions: Int32Array): void;
  /**
   * Resolves when the group's step is complete; rejects with a UserError naming environment and seed if it cannot be.
   */
  wait(group: number): Promise<void>;
  /** Copies observations row [e][rolloutSteps] to row [e][0]. Call after every group's last step was waited for. */
  rollover(): void;
  /** Whole games finished since the last call, ordered by step, then environment, whatever the number of workers. */
  takeEpisodes(): FinishedGame[];
  /**
   * All that decides how the environments go on, as bytes: their states, generators and newest observations. No step
   * may be under way. Rejects as `wait` does, or with a UserError where an environment cannot be saved.
   */
  save(): Promise<Uint8Array>;
  /**
   * Goes on, exactly, from what `save` of a vector of the same environments and options returned; its numbers of
   * workers, groups and steps may have been others. Writes observations row [e][0], in place of `reset`. No step may be
   * under way. Rejects with a UserError for bytes that are damaged, foreign or of other options; nothing changes then.
   */
  restore(saved: Uint8Array): Promise<void>;
  /** Ends every worker and resolves when they are gone. May be called twice. */
  close(): Promise<void>;
}

/** One finished whole game: a lost life does not end it, and its score is never clipped. */
export interface FinishedGame {
  /** Index of the environment, 0..count-1. */
  readonly env: number;
  /** The environment's own seed, derived from the run's. */
  readonly seed: number;
  /** Sum of the unclipped rewards. */
  readonly score: number;
  /** Length in agent steps; no-ops at the start are not agent steps. */
  readonly steps: number;
  /** Length in emulated frames, no-ops included; for environments without frames equal to `steps`. */
  readonly frames: number;
  readonly livesLost: number;
  /** True where the frame cap ended the game. */
  readonly truncated: boolean;
  /** The step t, within the rollout in which it happened, that ended the game. */
  readonly endStep: number;
}
