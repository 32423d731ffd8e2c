import { max } from 'simple-statistics';
import { AtariPool } from '../../envs/atari/index.ts';
import { Random } from '../../agents/random.ts';
import { Collector, type Player } from '../../src/ppo/rollout.ts';
import { StageClock } from '../../src/ppo/stage-clock.ts';
import type { SlowNetwork } from './scaling-report.ts';

const envs = 8;
const rolloutSteps = 32;
const rounds = 5;
/** What the network takes for all environments, ms. */
const networkTimes = [1, 3, 9];

/**
 * Acting with a network that only takes time and no core: what a machine with many cores, or a GPU, is to the
 * environments. Real games, one group against two.
 * @param share of a call for all environments that a call for half of them takes: 0.5 where time goes with the number
 *   of rows, more where calls cost something in themselves
 */
export async function slowNetworks(shares: readonly number[], signal: AbortSignal): Promise<SlowNetwork[]> {
  const found: SlowNetwork[] = [];
  for (const milliseconds of networkTimes) {
    const oneGroup = await rate(1, () => milliseconds, signal);
    for (const share of shares) {
      const twoGroups = await rate(2, (rows) => (rows === envs ? milliseconds : milliseconds * share), signal);
      found.push({ milliseconds, share, oneGroup, twoGroups });
    }
  }
  return found;
}

/** Agent steps per second of the best rollout. @param takes milliseconds of a call for so many environments */
async function rate(groups: 1 | 2, takes: (rows: number) => number, signal: AbortSignal): Promise<number> {
  const env = await AtariPool.create({ game: 'Breakout', envs, groups, rolloutSteps, seed: 1 });
  try {
    await env.reset();
    const collector = new Collector(env, sleeper(env.actions, takes), new Random(1), {
      played: () => {},
      finished: () => {},
    });
    const rates: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      signal.throwIfAborted();
      const started = performance.now();
      await collector.collect({ torso: {}, core: {}, policy: {}, value: {} }, new StageClock());
      rates.push((envs * rolloutSteps) / ((performance.now() - started) / 1000));
      env.rollover();
    }
    return max(rates);
  } finally {
    await env.close();
  }
}

/** Plays at random, and blocks the trainer's thread meanwhile, as TensorFlow does. */
function sleeper(actions: number, takes: (rows: number) => number): Player {
  const nothing = new Int32Array(new SharedArrayBuffer(4));
  return {
    core: { stateWidths: [] },
    act: (_parameters, _observations, _states, keep) => {
      Atomics.wait(nothing, 0, 0, takes(keep.length));
      const rows = keep.length;
      return {
        logits: new Float32Array(rows * actions),
        values: new Float32Array(rows),
        states: [],
        hidden: new Float32Array(0),
      };
    },
  };
}
