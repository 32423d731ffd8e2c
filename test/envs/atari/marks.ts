import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { congruential } from '../../../src/conformance/trace-rules.ts';

/** [hash of all that was seen, sum of rewards, ends (1 terminated, 1000 truncated), lives] every so many steps. */
export type Mark = readonly [string, number, number, number];

/** A trace of test/oracle/atari-preprocessing.py, which says how it was made. */
export interface Trace {
  readonly seed: number;
  readonly every: number;
  readonly marks: readonly Mark[];
}

export interface Recorded {
  readonly resized: readonly { game: string; shrunk: readonly [number, number, string, string][] }[];
  readonly vectors: readonly (Trace & { game: string; options: Record<string, unknown> })[];
  readonly preprocessings: readonly (Trace & {
    id: string;
    made: Record<string, unknown>;
    options: Record<string, unknown>;
  })[];
  readonly baselines: readonly (Trace & { game: string })[];
  readonly environments: readonly (Trace & { id: string; options: Record<string, unknown> })[];
}

const file = new URL('../../oracle/atari-preprocessing.json', import.meta.url);
export const recorded = JSON.parse(readFileSync(file, 'utf8')) as Recorded;

/** Makes the same marks as the script. */
export class Marks {
  readonly marks: Mark[] = [];
  private readonly hash = createHash('sha256');
  private readonly every: number;
  private steps = 0;
  private reward = 0;
  private ends = 0;

  constructor(every: number) {
    this.every = every;
  }

  see(bytes: Uint8Array): void {
    this.hash.update(bytes);
  }

  step(reward: number, terminated: boolean, truncated: boolean, lives: number): void {
    this.reward += reward;
    this.ends += Number(terminated) + 1000 * Number(truncated);
    this.steps++;
    if (this.steps % this.every !== 0) return;
    this.marks.push([this.hash.copy().digest('hex').slice(0, 12), this.reward, this.ends, lives]);
  }
}

/** The script's random numbers. */
export class TraceRandom {
  private readonly bits: () => number;

  constructor(seed: number) {
    this.bits = congruential(seed);
  }

  below(n: number): number {
    return (this.bits() >>> 16) % n;
  }

  unit(): number {
    return (this.bits() >>> 8) / 2 ** 24;
  }
}

/** A stack of (height, width, frames * channels) in the peers' order: (frames, height, width, channels). */
export function framesFirst(stack: Uint8Array, frames: number, channels: number): Uint8Array {
  const ordered = new Uint8Array(stack.length);
  const width = frames * channels;
  for (let frame = 0, to = 0; frame < frames; frame++) {
    for (let cell = frame * channels; cell < stack.length; cell += width) {
      for (let channel = 0; channel < channels; channel++) ordered[to++] = stack[cell + channel] ?? 0;
    }
  }
  return ordered;
}

/** The script's snake_case options, renamed. */
export function renamed(
  options: Record<string, unknown>,
  names: Record<string, string>,
  values: Record<string, (value: unknown) => unknown> = {},
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      names[name] ?? name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
      values[name]?.(value) ?? value,
    ]),
  );
}
