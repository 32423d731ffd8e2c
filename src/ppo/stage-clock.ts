/**
 * Where a run's time goes. `act`: network and sampling; `wait`: for environments;
 * `learn`; `store`: writing files and the screen.
 */
export const stages = ['act', 'wait', 'learn', 'store'] as const;
export type Stage = (typeof stages)[number];

/** A stop-watch that is always in exactly one stage, so that the stages' seconds add up to the time that passed. */
export class StageClock {
  readonly #now: () => number;
  #stage: Stage = 'store';
  #entered: number;
  #seconds = noSeconds();

  /** @param now milliseconds of a clock that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#entered = now();
  }

  enter(stage: Stage): void {
    const now = this.#now();
    this.#seconds[this.#stage] += (now - this.#entered) / 1000;
    this.#stage = stage;
    this.#entered = now;
  }

  /** Seconds spent in each stage since the last call. */
  take(): Record<Stage, number> {
    this.enter(this.#stage);
    const taken = this.#seconds;
    this.#seconds = noSeconds();
    return taken;
  }
}

function noSeconds(): Record<Stage, number> {
  return { act: 0, wait: 0, learn: 0, store: 0 };
}
