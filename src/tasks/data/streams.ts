/**
 * A text laid out for truncated backpropagation through time: cut into `count` streams of equal length that are read
 * side by side, so that a state carried from one segment to the next belongs to the words before it. What does not fill
 * all streams is left out at the end.
 */
export class TextStreams {
  readonly count: number;
  /** Words per stream; one less can be predicted. */
  readonly length: number;
  readonly #words: Int32Array;

  constructor(words: Int32Array, count: number) {
    this.#words = words;
    this.count = count;
    this.length = Math.floor(words.length / count);
  }

  /** Words that can be predicted in each stream. */
  get predictions(): number {
    return Math.max(this.length - 1, 0);
  }

  /**
   * Words first to first + steps - 1 of every stream, and of each the word that follows; fewer steps at the end.
   * @returns (steps, count) each, steps outermost
   */
  segment(first: number, steps: number): { inputs: Int32Array; targets: Int32Array; steps: number } {
    const taken = Math.max(Math.min(steps, this.predictions - first), 0);
    const inputs = new Int32Array(taken * this.count);
    const targets = new Int32Array(taken * this.count);
    for (let stream = 0; stream < this.count; stream++)
      for (let step = 0; step < taken; step++) {
        const at = stream * this.length + first + step;
        inputs[step * this.count + stream] = this.#words[at] as number;
        targets[step * this.count + stream] = this.#words[at + 1] as number;
      }
    return { inputs, targets, steps: taken };
  }
}
