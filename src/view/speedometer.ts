/** Where something stands: how much is done, after how many seconds, and how much per second just now. */
interface Sample {
  readonly done: number;
  readonly seconds: number;
  readonly speed: number | null;
}

/** Speed over the newest half minute. */
export class Speedometer {
  #samples: Sample[] = [];

  /**
   * Takes a sample. Returns the speed: after the first, which has none before it to compare with, its own.
   */
  add(sample: Sample): number | null {
    const { done, seconds } = sample;
    this.#samples.push(sample);
    while (this.#samples.length > 2 && seconds - (this.#samples[1]?.seconds ?? seconds) >= 30) this.#samples.shift();
    const [first] = this.#samples;
    return first && seconds > first.seconds ? (done - first.done) / (seconds - first.seconds) : sample.speed;
  }
}
