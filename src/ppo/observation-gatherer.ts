import type { RolloutEnvironment } from '../../envs/rollout-environment.ts';

/**
 * Puts observations of some environments side by side, as the network takes them. Always in the same memory: fresh
 * arrays, megabytes for every minibatch, would have the garbage collector run all the time.
 */
export class ObservationGatherer {
  #memory: Uint8Array | Float32Array = new Uint8Array();

  /**
   * Copies the observations before steps first, first + 1, .. of each of the environments.
   * @returns (steps * environments, ...shape), time-major; valid until the next call
   */
  gather(
    { observations, count, rolloutSteps }: RolloutEnvironment,
    environments: readonly number[],
    first: number,
    steps: number,
  ): Uint8Array | Float32Array {
    const size = observations.length / (count * (rolloutSteps + 1));
    const length = environments.length * steps * size;
    if (this.#memory.length < length)
      this.#memory = observations instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
    for (const [b, e] of environments.entries())
      for (let t = 0; t < steps; t++) {
        const start = (e * (rolloutSteps + 1) + first + t) * size;
        this.#memory.set(observations.subarray(start, start + size), (t * environments.length + b) * size);
      }
    return this.#memory.subarray(0, length);
  }
}
