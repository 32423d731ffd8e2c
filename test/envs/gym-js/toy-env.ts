import { Box, Dict, Discrete, type Env, type EnvMetadata, MultiBinary, MultiDiscrete, Tuple } from 'gym-js';
import type { ResetOptions, ResetResult, StepResult } from 'gym-js';

// The environments of test/oracle/gymnasium-wrappers.py: nothing in them is random, and each number is exact.

export type ToyArray = Float32Array | Float64Array | Uint8Array;

export interface ToyOptions {
  length?: number;
  dtype?: 'float32' | 'float64' | 'uint8';
  renderMode?: string;
}

export class Toy implements Env<ToyArray, number> {
  static readonly metadata: EnvMetadata = { renderModes: ['rgb_array', 'ansi'], renderFps: 20 };
  readonly metadata = Toy.metadata;
  readonly renderMode: string | undefined;
  readonly observationSpace: Box<'float32'>;
  readonly actionSpace = new Discrete(3);
  readonly length: number;
  closed = 0;
  private readonly dtype: 'float32' | 'float64' | 'uint8';
  private offset = 0;
  private episode = 0;
  private t = 0;

  constructor({ length = 4, dtype = 'float32', renderMode }: ToyOptions = {}) {
    this.length = length;
    this.dtype = dtype;
    this.renderMode = renderMode;
    const [low, high] = dtype === 'uint8' ? [0, 255] : [-10, 20];
    this.observationSpace = new Box({ low, high, shape: [2], dtype: dtype as 'float32' });
  }

  reset({ seed }: ResetOptions = {}): ResetResult<ToyArray> {
    if (seed === undefined) this.episode += 1;
    else [this.offset, this.episode] = [seed % 5, 0];
    this.t = 0;
    return { observation: this.observe(), info: { episodeIndex: this.episode } };
  }

  step(action: number): StepResult<ToyArray> {
    this.t += 1;
    const { t } = this;
    const over = t >= this.length;
    const even = this.episode % 2 === 0;
    const info: Record<string, unknown> = {
      count: t,
      array: Float32Array.of(t, t + 0.5),
      word: `step ${t}`,
      nested: { half: t / 2 },
    };
    if (t % 2 === 0) info.third = t % 3 === 0;
    return {
      observation: this.observe(),
      reward: ((t * 3 + this.offset) % 5) - 1.5 + 0.25 * action,
      terminated: over && even,
      truncated: over && !even,
      info,
    };
  }

  render(): ReturnType<NonNullable<Env<ToyArray, number>['render']>> {
    if (this.renderMode === 'ansi') return `step ${this.t}`;
    const frame = { data: new Uint8Array(5 * 7 * 3), height: 5, width: 7 };
    for (let i = 0; i < frame.data.length; i++) frame.data[i] = (i * 11 + this.t * 40 + this.episode * 7) % 256;
    return frame;
  }

  close(): void {
    this.closed += 1;
  }

  private observe(): ToyArray {
    const { t, offset } = this;
    const values = [(t * 1.7 + offset * 0.3 + this.episode) % 10, ((t * t * 2.3) % 7) - 3];
    if (this.dtype === 'uint8') return Uint8Array.from(values, (value) => Math.floor((value + 3) * 10));
    return this.dtype === 'float32' ? Float32Array.from(values) : Float64Array.from(values);
  }
}

/** Its observation is the action that it got. */
export class Grip implements Env<Float32Array, Float32Array> {
  readonly actionSpace = new Box({ low: [-2, -0.1], high: [2, 0.7], shape: [2], dtype: 'float32' });
  readonly observationSpace = new Box({ low: -Infinity, high: Infinity, shape: [2], dtype: 'float32' });

  reset(): ResetResult<Float32Array> {
    return { observation: new Float32Array(2), info: {} };
  }

  step(action: Float32Array): StepResult<Float32Array> {
    return { observation: action, reward: 0, terminated: false, truncated: false, info: {} };
  }

  close(): void {}
}

interface MixedObservation {
  arm: Float32Array;
  count: number;
  pair: readonly [Int8Array, Int32Array];
}

/** Observations of several parts. */
export class Mixed implements Env<MixedObservation, number> {
  readonly observationSpace = new Dict({
    arm: new Box({ low: 1, high: 9, shape: [2], dtype: 'float32' }),
    count: new Discrete(9, 2),
    pair: new Tuple([new MultiBinary(2), new MultiDiscrete([5, 7])]),
  });
  readonly actionSpace = new Discrete(2);
  private t = 0;

  reset(): ResetResult<MixedObservation> {
    this.t = 0;
    return { observation: this.observe(), info: {} };
  }

  step(): StepResult<MixedObservation> {
    this.t += 1;
    return { observation: this.observe(), reward: 1, terminated: false, truncated: false, info: {} };
  }

  close(): void {}

  private observe(): MixedObservation {
    const { t } = this;
    return {
      arm: Float32Array.of(1 + t, 9 - t / 2),
      count: 2 + t,
      pair: [Int8Array.of(t % 2, 1 - (t % 2)), Int32Array.of(t, t + 1)],
    };
  }
}
