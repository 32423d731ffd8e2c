import type { Env, ResetOptions, ResetResult, StepResult } from '../env.ts';
import { EpisodeQueues } from './episode-queues.ts';
import { Wrapper } from './wrapper.ts';

export interface RecordEpisodeStatisticsOptions {
  /** Episodes that the queues hold; default 100. */
  bufferLength?: number;
  /** Name in `info`; default `episode`. */
  statsKey?: string;
  /** Seconds from any beginning; default: the machine's clock. Only `t` comes from it. */
  now?: () => number;
}

/** What `info.episode` holds after the last step of an episode. */
export interface EpisodeStatistics {
  /** Sum of the rewards. */
  r: number;
  /** Steps. */
  l: number;
  /** Seconds, to the microsecond. */
  t: number;
}

/** Adds each episode's return, length and duration to the info of its last step (gymnasium.wrappers). */
export class RecordEpisodeStatistics<Observation, Action> extends Wrapper<Observation, Action> {
  static override readonly entryPoint: string = 'gym-js:RecordEpisodeStatistics';
  /** Of the last `bufferLength` episodes, the newest last. */
  readonly returnQueue: readonly number[];
  readonly lengthQueue: readonly number[];
  readonly timeQueue: readonly number[];
  private readonly episodes: EpisodeQueues;
  private readonly statsKey: string;
  private readonly now: () => number;
  private started = 0;
  private sum = 0;
  private steps = 0;

  constructor(
    env: Env<Observation, Action>,
    { bufferLength = 100, statsKey = 'episode', now = clock }: RecordEpisodeStatisticsOptions = {},
  ) {
    super(env, now === clock ? { bufferLength, statsKey } : { bufferLength, statsKey, now });
    this.episodes = new EpisodeQueues(bufferLength);
    ({ returns: this.returnQueue, lengths: this.lengthQueue, times: this.timeQueue } = this.episodes);
    this.statsKey = statsKey;
    this.now = now;
  }

  /** Finished episodes. */
  get episodeCount(): number {
    return this.episodes.count;
  }

  override reset(options?: ResetOptions): ResetResult<Observation> {
    const result = this.env.reset(options);
    this.started = this.now();
    this.sum = 0;
    this.steps = 0;
    return result;
  }

  /** Throws Error where the environment's info has `statsKey` already. */
  override step(action: Action): StepResult<Observation> {
    const result = this.env.step(action);
    this.sum += result.reward;
    this.steps += 1;
    if (!result.terminated && !result.truncated) return result;
    if (this.statsKey in result.info) {
      throw new Error(`RecordEpisodeStatistics: info has "${this.statsKey}" already; take another statsKey`);
    }
    const time = this.now();
    const episode: EpisodeStatistics = { r: this.sum, l: this.steps, t: seconds(time - this.started) };
    this.episodes.add(episode);
    this.started = time;
    return { ...result, info: { ...result.info, [this.statsKey]: episode } };
  }
}

/** Seconds since the program began. */
export function clock(): number {
  return performance.now() / 1000;
}

/** To the microsecond. */
export function seconds(time: number): number {
  return Math.round(time * 1e6) / 1e6;
}
