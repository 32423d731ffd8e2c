import type fs from 'node:fs';
import type { Env, RenderFrame, RenderResult, ResetOptions, ResetResult, StepResult } from '../env.ts';
import { importByName } from '../import-by-name.ts';
import type { EnvSpec } from '../registry/env-spec.ts';
import { type VideoEncoder, videoEncoder, type VideoFormat } from '../video/encoder.ts';
import { cappedCubicVideoSchedule } from '../video/schedule.ts';
import { warn } from '../warnings.ts';
import { Wrapper } from './wrapper.ts';

export interface RecordVideoOptions {
  /** Where the files go; made where it is missing. */
  videoFolder: string;
  /** Whether to record episode i; default, without `stepTrigger`: episodes 0, 1, 8, 27, ..., then every 1000th. */
  episodeTrigger?: ((episode: number) => boolean) | undefined;
  /** Whether to begin a recording at step i, counted over all episodes. */
  stepTrigger?: ((step: number) => boolean) | undefined;
  /** Frames per video; default 0: until the episode's end. */
  videoLength?: number;
  /** Default `rl-video`. */
  namePrefix?: string;
  /** Frames per second; default: what the environment's metadata says, or 30. */
  fps?: number | undefined;
  /** `mp4` (default) needs the package h264-mp4-encoder, `gif` gifenc. */
  format?: VideoFormat;
}

type Files = Pick<typeof fs, 'mkdirSync' | 'writeFileSync' | 'renameSync' | 'readdirSync'>;

/**
 * Records what the environment renders as video files, `rl-video-episode-0.mp4` or `rl-video-step-0.mp4`
 * (gymnasium.wrappers.RecordVideo). A file gets its name when it is whole. `close` ends the recording under way.
 */
export class RecordVideo<Observation, Action> extends Wrapper<Observation, Action> {
  /** The files so far. */
  readonly videos: string[] = [];
  private readonly encoder: VideoEncoder;
  private readonly files: Files;
  private readonly options: RecordVideoOptions & { fps: number; namePrefix: string; format: VideoFormat };
  private readonly length: number;
  private name: string | undefined;
  /** Of the frames of the video that the encoder has begun. */
  private size: { width: number; height: number } | undefined;
  private recorded = 0;
  private steps = 0;
  private episodes = 0;

  /**
   * Throws RangeError where the environment's render mode gives no pictures, or for a number out of range;
   * DependencyNotInstalled where the format's package is missing; what Node throws where the folder cannot be made.
   */
  static async create<Observation, Action>(
    env: Env<Observation, Action>,
    options: RecordVideoOptions,
  ): Promise<RecordVideo<Observation, Action>> {
    if (env.renderMode === undefined || /^(human|ansi)$|_list$/.test(env.renderMode)) {
      throw new RangeError(
        `RecordVideo: render mode ${env.renderMode} gives no single pictures; make the environment with "rgb_array"`,
      );
    }
    const { videoLength = 0, fps = env.metadata?.renderFps ?? 30 } = options;
    if (!Number.isSafeInteger(videoLength) || videoLength < 0) {
      throw new RangeError(`RecordVideo: videoLength ${videoLength} is not a whole number from 0`);
    }
    if (!(fps > 0 && fps <= 1000)) throw new RangeError(`RecordVideo: fps ${fps} is not above 0 and at most 1000`);
    const files = (await importByName('node:fs')) as Files;
    const encoder = await videoEncoder(options.format ?? 'mp4');
    try {
      return new RecordVideo(env, { ...options, fps }, encoder, files);
    } catch (error) {
      encoder.close();
      throw error;
    }
  }

  private constructor(
    env: Env<Observation, Action>,
    options: RecordVideoOptions & { fps: number },
    encoder: VideoEncoder,
    files: Files,
  ) {
    super(env);
    this.options = { namePrefix: 'rl-video', format: 'mp4', ...options };
    const { videoFolder, videoLength = 0, episodeTrigger, stepTrigger } = options;
    if (!episodeTrigger && !stepTrigger) this.options.episodeTrigger = cappedCubicVideoSchedule;
    this.length = videoLength === 0 ? Infinity : videoLength;
    this.encoder = encoder;
    this.files = files;
    files.mkdirSync(videoFolder, { recursive: true });
    if (files.readdirSync(videoFolder).length > 0) warn(`RecordVideo: videos in ${videoFolder} may be overwritten`);
  }

  get recording(): boolean {
    return this.name !== undefined;
  }

  override reset(options?: ResetOptions): ResetResult<Observation> {
    const result = this.env.reset(options);
    const episode = this.episodes++;
    if (this.recording && this.length === Infinity) this.stopRecording();
    if (this.options.episodeTrigger?.(episode)) this.startRecording(`${this.options.namePrefix}-episode-${episode}`);
    this.capture();
    return result;
  }

  override step(action: Action): StepResult<Observation> {
    const result = this.env.step(action);
    const step = this.steps++;
    if (this.options.stepTrigger?.(step)) this.startRecording(`${this.options.namePrefix}-step-${step}`);
    this.capture();
    return result;
  }

  /** Closes the environment also where the video under way cannot be written, and throws that error then. */
  override close(): void {
    try {
      this.stopRecording();
    } finally {
      this.encoder.close();
      super.close();
    }
  }

  /** Begins a video of this name; one under way is ended. */
  startRecording(name: string): void {
    if (this.recording) this.stopRecording();
    this.name = name;
    this.recorded = 0;
  }

  /** Ends the video under way and writes its file; nothing where there is none, or no frame in it. */
  stopRecording(): void {
    const { name, size } = this;
    this.name = undefined;
    this.size = undefined;
    if (!size) return;
    const bytes = this.encoder.end();
    if (this.recorded === 0) return;
    const file = `${this.options.videoFolder}/${name}.${this.options.format}`;
    const unfinished = `${file}.unfinished`;
    this.files.writeFileSync(unfinished, bytes);
    this.files.renameSync(unfinished, file);
    this.videos.push(file);
  }

  /** Videos are no part of how an environment is made. */
  protected override extendSpec(inner: EnvSpec): EnvSpec {
    return inner;
  }

  private capture(): void {
    if (!this.recording) return;
    const frame = this.env.render?.();
    if (!isPicture(frame)) {
      warn('RecordVideo: recording stopped, for render() gave no picture');
      return this.stopRecording();
    }
    const { width, height } = frame;
    if (!this.size) {
      this.encoder.begin(width, height, this.options.fps);
      this.size = { width, height };
    }
    if (width !== this.size.width || height !== this.size.height) {
      warn("RecordVideo: recording stopped, for a frame is not of the first one's size");
      return this.stopRecording();
    }
    this.encoder.add(frame);
    this.recorded += 1;
    if (this.recorded >= this.length) this.stopRecording();
  }
}

function isPicture(frame: RenderResult): frame is RenderFrame {
  if (typeof frame !== 'object' || frame === null || Array.isArray(frame)) return false;
  const { data, width, height } = frame;
  return Number.isSafeInteger(width) && width > 0 && height > 0 && data?.length === width * height * 3;
}
