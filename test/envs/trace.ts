import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Env } from 'gym-js';
import type { ListedEnv, SaveableEnv } from '../../envs/listed-env.ts';

/** Episodes of one environment, as a script beside the file recorded them from another implementation. */
export interface Trace {
  readonly id: string;
  readonly seed: number;
  readonly actions: string;
  readonly observations: string;
  readonly rewards: string;
  readonly ends: string;
}

/** The traces of a file in test/oracle. */
export function readTraces<T extends Trace>(name: string): T[] {
  const file = new URL(`../oracle/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { traces: T[] }).traces;
}

/** The environment of a list that has this id or name. */
export function listed(list: readonly ListedEnv[], wanted: string): ListedEnv {
  const found = list.find(({ id, name }) => id === wanted || name === wanted);
  assert.ok(found, wanted);
  return found;
}

/** Makes a listed environment, with its own options unless others are given. */
export function made<Observation, Action>({ entryPoint, kwargs = {} }: ListedEnv): SaveableEnv<Observation, Action> {
  return new entryPoint(kwargs as never) as SaveableEnv<Observation, Action>;
}

export function bytes(base64: string): Uint8Array {
  return Uint8Array.from(Buffer.from(base64, 'base64'));
}

export function float32s(base64: string): Float32Array {
  return new Float32Array(bytes(base64).buffer);
}

export function float64s(base64: string): Float64Array {
  return new Float64Array(bytes(base64).buffer);
}

interface Played {
  /** One for each reset and step, in order. */
  readonly observations: number[][];
  readonly rewards: number[];
  /** 1 terminated, 2 truncated, 3 both; per step. */
  readonly ends: number[];
}

/**
 * Plays an environment as traces are recorded: reset with a seed, one step for each action, and a reset without a seed
 * whenever an episode ends, by itself or after `limit` steps.
 */
export function replay<Observation, Action>(
  env: Env<Observation, Action>,
  seed: number,
  actions: readonly Action[],
  flat: (observation: Observation) => ArrayLike<number>,
  { options = {}, limit = Infinity }: { options?: Record<string, unknown>; limit?: number } = {},
): Played {
  const played: Played = { observations: [], rewards: [], ends: [] };
  const see = (observation: Observation): unknown => played.observations.push(Array.from(flat(observation)));
  see(env.reset({ seed, options }).observation);
  let steps = 0;
  for (const action of actions) {
    const { observation, reward, terminated, truncated } = env.step(action);
    steps += 1;
    see(observation);
    played.rewards.push(reward);
    const end = Number(terminated) + 2 * Number(truncated || steps === limit);
    played.ends.push(end);
    if (end === 0) continue;
    see(env.reset().observation);
    steps = 0;
  }
  return played;
}

/** Rows of `width` numbers. */
export function rows(values: ArrayLike<number>, width: number): number[][] {
  assert.equal(values.length % width, 0);
  const all = Array.from(values);
  return Array.from({ length: all.length / width }, (_, i) => all.slice(i * width, (i + 1) * width));
}
