import type { Program } from './process-group.ts';

/** What every contestant trains: the same game, rollouts, and passes over them, with its own defaults otherwise. */
export const task = { game: 'Breakout', envs: 8, rollout: 128, minibatches: 4, epochs: 4 } as const;

/** Agent steps over all environments between two updates. */
export const stepsPerUpdate = task.envs * task.rollout;

/** One whole training, in a process of its own. */
export interface Training {
  readonly updates: number;
  readonly seed: number;
  /** An empty folder, deleted afterwards. */
  readonly folder: string;
}

/** How to start a training, and how to see from outside that an update has ended. */
export interface Launch extends Program {
  /** A line of standard output that ends an update, or a file that gets one line per update. */
  readonly updateEnds: { readonly line: RegExp } | { readonly file: string };
}

/** What a contestant may use while it is made ready. */
export interface Preparation {
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/** A training program in the comparison. */
export interface Contestant {
  /** Its name in flags and JSON. */
  readonly id: string;
  /** What it is and what network it trains. */
  readonly title: string;
  /**
   * Installs what is missing and checks the rest. Throws BenchError.
   * @param python interpreter of the peers' environment @returns how to start one training
   */
  readonly prepare: (python: string) => Promise<(training: Training) => Launch>;
  /** Whether it runs in the peers' Python environment. */
  readonly isPeer: boolean;
}
