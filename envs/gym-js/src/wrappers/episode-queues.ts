/** What the last episodes were like, the newest last. */
export class EpisodeQueues {
  /** Sums of the rewards. */
  readonly returns: number[] = [];
  /** Steps. */
  readonly lengths: number[] = [];
  /** Seconds. */
  readonly times: number[] = [];
  /** Finished episodes, also those that the queues have forgotten. */
  count = 0;
  private readonly bufferLength: number;

  /** Each queue holds `bufferLength` episodes. */
  constructor(bufferLength: number) {
    this.bufferLength = bufferLength;
  }

  add({ r, l, t }: { r: number; l: number; t: number }): void {
    this.count += 1;
    for (const [queue, value] of [
      [this.returns, r],
      [this.lengths, l],
      [this.times, t],
    ] as const) {
      queue.push(value);
      if (queue.length > this.bufferLength) queue.shift();
    }
  }
}
