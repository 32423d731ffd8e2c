import { createHash } from 'node:crypto';
import type { FinishedGame, RolloutEnvironment } from '../../../envs/rollout-environment.ts';

/** All that a trainer could see of some rollouts. */
export interface Played {
  /** Per rollout, SHA-256 of all observations. */
  readonly observations: string[];
  /** Per rollout, (count, T) each. */
  readonly rewards: number[][];
  readonly terminated: number[][];
  readonly truncated: number[][];
  readonly games: FinishedGame[];
}

/** Action of environment `env` at step `step` of a run: uniform, the same for any number of workers and groups. */
export function randomAction(env: number, step: number, actions: number): number {
  let x = Math.imul(env + 1, 0x9e3779b9) ^ Math.imul(step + 1, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return ((x ^ (x >>> 16)) >>> 0) % actions;
}

/** Plays rollouts as a trainer does: with two groups, one is sent its next step while the other is under way. */
export async function playRandomly(env: RolloutEnvironment, rollouts: number): Promise<Played> {
  await env.reset();
  return continueRandomly(env, rollouts, 0);
}

/** The same without the reset, `before` steps after it. */
export async function continueRandomly(env: RolloutEnvironment, rollouts: number, before: number): Promise<Played> {
  const played: Played = { observations: [], rewards: [], terminated: [], truncated: [], games: [] };
  const send = (group: number, t: number, step: number): void =>
    env.send(
      group,
      t,
      Int32Array.from({ length: env.count }, (_, e) => randomAction(e, step, env.actions)),
    );
  for (let rollout = 0; rollout < rollouts; rollout++) {
    const groups = Array.from({ length: env.groups }, (_, group) => group);
    for (const group of groups) send(group, 0, before + rollout * env.rolloutSteps);
    for (let t = 0; t < env.rolloutSteps; t++) {
      for (const group of groups) {
        await env.wait(group);
        if (t + 1 < env.rolloutSteps) send(group, t + 1, before + rollout * env.rolloutSteps + t + 1);
      }
    }
    played.observations.push(createHash('sha256').update(env.observations).digest('hex'));
    played.rewards.push([...env.rewards]);
    played.terminated.push([...env.terminated]);
    played.truncated.push([...env.truncated]);
    played.games.push(...env.takeEpisodes());
    env.rollover();
  }
  return played;
}

/** Sum of all numbers of all rollouts. */
export function total(rollouts: readonly (readonly number[])[]): number {
  return rollouts.flat().reduce((sum, x) => sum + x, 0);
}
