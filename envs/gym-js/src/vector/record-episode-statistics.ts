import type { VectorEnv, VectorResetOptions, VectorResetResult, VectorStepResult } from '../vector-env.ts';
import { EpisodeQueues } from '../wrappers/episode-queues.ts';
import { clock, type RecordEpisodeStatisticsOptions, seconds } from '../wrappers/record-episode-statistics.ts';
import { eachReset } from './reset-options.ts';
import { VectorWrapper } from './vector-wrapper.ts';

/**
 * Adds the return, length and duration of each episode that ends to the infos of that step
 * (gymnasium.wrappers.vector.RecordEpisodeStatistics): `infos.episode` has r, l and t, each Float64Array (numEnvs) with
 * 0 for the others, and `infos._episode` the mask. Every step must be of all environments.
 */
export class VectorRecordEpisodeStatistics<Observation, Action, Observations, Actions> extends VectorWrapper<
  Observation,
  Action,
  Observations,
  Actions
> {
  /** Of the last `bufferLength` episodes, the newest last. */
  readonly returnQueue: readonly number[];
  readonly lengthQueue: readonly number[];
  readonly timeQueue: readonly number[];
  private readonly episodes: EpisodeQueues;
  private readonly statsKey: string;
  private readonly now: () => number;
  // (numEnvs), of the episodes under way
  private readonly sums: Float64Array;
  private readonly steps: Float64Array;
  private readonly starts: Float64Array;
  private readonly ended: Uint8Array;

  constructor(
    env: VectorEnv<Observation, Action, Observations, Actions>,
    { bufferLength = 100, statsKey = 'episode', now = clock }: RecordEpisodeStatisticsOptions = {},
  ) {
    super(env);
    this.episodes = new EpisodeQueues(bufferLength);
    ({ returns: this.returnQueue, lengths: this.lengthQueue, times: this.timeQueue } = this.episodes);
    this.statsKey = statsKey;
    this.now = now;
    this.sums = new Float64Array(env.numEnvs);
    this.steps = new Float64Array(env.numEnvs);
    this.starts = new Float64Array(env.numEnvs);
    this.ended = new Uint8Array(env.numEnvs);
  }

  /** Finished episodes. */
  get episodeCount(): number {
    return this.episodes.count;
  }

  override async reset(options: VectorResetOptions = {}): Promise<VectorResetResult<Observations>> {
    const { mask } = eachReset(options, this.numEnvs);
    const result = await this.env.reset(options);
    const time = this.now();
    for (let i = 0; i < this.numEnvs; i++) if (mask?.[i] ?? true) this.begin(i, time);
    return result;
  }

  /**
   * Throws RangeError where the step is of some environments only, for it does not tell which; Error where the
   * environments' infos have `statsKey` already.
   */
  override async step(actions: Actions): Promise<VectorStepResult<Observations>> {
    const result = await this.env.step(actions);
    const { rewards, terminations, truncations, infos } = result;
    if (rewards.length !== this.numEnvs) {
      throw new RangeError(
        `RecordEpisodeStatistics: a step of ${rewards.length} of ${this.numEnvs} environments; only steps of all count`,
      );
    }
    const time = this.now();
    const sameStep = this.metadata.autoresetMode === 'sameStep';
    const [r, l, t] = [0, 0, 0].map(() => new Float64Array(this.numEnvs)) as [Float64Array, Float64Array, Float64Array];
    const mask = new Uint8Array(this.numEnvs);
    for (let i = 0; i < this.numEnvs; i++) {
      if (this.ended[i]) {
        // This step was the reset.
        this.begin(i, time);
        continue;
      }
      this.sums[i] = (this.sums[i] ?? 0) + (rewards[i] ?? 0);
      this.steps[i] = (this.steps[i] ?? 0) + 1;
      if (!terminations[i] && !truncations[i]) continue;
      mask[i] = 1;
      r[i] = this.sums[i] ?? 0;
      l[i] = this.steps[i] ?? 0;
      t[i] = seconds(time - (this.starts[i] ?? 0));
      this.episodes.add({ r: r[i] ?? 0, l: l[i] ?? 0, t: t[i] ?? 0 });
      if (sameStep) this.begin(i, time);
      else this.ended[i] = 1;
    }
    if (!mask.includes(1)) return result;
    const { statsKey } = this;
    if (statsKey in infos || `_${statsKey}` in infos) {
      throw new Error(`RecordEpisodeStatistics: infos have "${statsKey}" already; take another statsKey`);
    }
    return { ...result, infos: { ...infos, [statsKey]: { r, l, t }, [`_${statsKey}`]: mask } };
  }

  private begin(i: number, time: number): void {
    this.sums[i] = 0;
    this.steps[i] = 0;
    this.starts[i] = time;
    this.ended[i] = 0;
  }
}
