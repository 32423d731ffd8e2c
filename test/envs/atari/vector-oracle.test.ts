import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { AtariVectorEnv, type AtariVectorOptions } from '../../../envs/atari/index.ts';
import { randomAction } from './play.ts';

/** A trace of ale-py's AtariVectorEnv: see test/oracle/atari-vector.py. Rows are (steps + 1 or steps, envs). */
interface Trace {
  readonly game: string;
  readonly steps: number;
  readonly options: {
    readonly autoresetMode: 'nextStep' | 'sameStep';
    readonly seed: number;
    readonly numEnvs: number;
    readonly repeat_action_probability?: number;
    readonly noop_max?: number;
    readonly use_fire_reset?: boolean;
    readonly max_num_frames_per_episode?: number;
    readonly reward_clipping?: boolean;
  };
  readonly observation: number[][];
  readonly reward?: number[][];
  readonly terminated?: number[][];
  readonly truncated?: number[][];
  readonly final?: number[][];
  readonly trueFinal?: number[][];
  readonly lives: number[][];
  readonly frame_number: number[][];
  readonly episode_frame_number: number[][];
}

const { traces } = JSON.parse(readFileSync(new URL('../../oracle/atari-vector.json', import.meta.url), 'utf8')) as {
  traces: Trace[];
};
const pixels = 84 * 84;

/** First 32 bits of the SHA-256 of a (84, 84, 4) stack in the order (4, 84, 84). */
function markOf(stack: Uint8Array): number {
  const planes = new Uint8Array(stack.length);
  for (let i = 0; i < stack.length; i++) planes[(i % 4) * pixels + Math.floor(i / 4)] = stack[i] ?? 0;
  return createHash('sha256').update(planes).digest().readUInt32BE(0);
}

function optionsOf({ game, options }: Trace): AtariVectorOptions {
  const { repeat_action_probability, noop_max, use_fire_reset, max_num_frames_per_episode, reward_clipping } = options;
  return {
    ...{ game, numEnvs: options.numEnvs, autoresetMode: options.autoresetMode, workers: 2 },
    ...(repeat_action_probability !== undefined && { repeatActionProbability: repeat_action_probability }),
    ...(noop_max !== undefined && { noopMax: noop_max }),
    ...(use_fire_reset !== undefined && { fireReset: use_fire_reset }),
    ...(max_num_frames_per_episode !== undefined && { maxNumFramesPerEpisode: max_num_frames_per_episode }),
    ...(reward_clipping === false && { rewardClip: false }),
  };
}

describe('AtariVectorEnv equals ale-py, but shows the real last frame of an episode', { concurrency: 2 }, () => {
  for (const trace of traces) {
    const { options, steps, trueFinal, final } = trace;
    test(`${trace.game}, ${options.autoresetMode}, noop_max ${options.noop_max ?? 30}`, async () => {
      const vector = await AtariVectorEnv.create(optionsOf(trace));
      try {
        const marks = (observations: Uint8Array): number[] =>
          Array.from({ length: vector.numEnvs }, (_, e) =>
            markOf(observations.subarray(e * pixels * 4, (e + 1) * pixels * 4)),
          );
        const first = await vector.reset({ seed: options.seed });
        assert.deepEqual(marks(first.observations), trace.observation[0]);
        let ends = 0;
        for (let t = 0; t < steps; t++) {
          const actions = Int32Array.from({ length: vector.numEnvs }, (_, e) =>
            randomAction(e, t, vector.actionMeanings.length),
          );
          const { observations, rewards, terminations, truncations, infos } = await vector.step(actions);
          const none = new Array<number>(vector.numEnvs).fill(0);
          assert.deepEqual([...rewards], trace.reward?.[t] ?? none, `rewards of step ${t}`);
          assert.deepEqual([...terminations], trace.terminated?.[t] ?? none, `terminations of step ${t}`);
          assert.deepEqual([...truncations], trace.truncated?.[t] ?? none, `truncations of step ${t}`);
          for (const [name, theirs] of [
            ['lives', trace.lives],
            ['frameNumber', trace.frame_number],
            ['episodeFrameNumber', trace.episode_frame_number],
          ] as const) {
            assert.deepEqual([...(infos[name] as Float64Array)], theirs[t + 1], `${name} of step ${t}`);
          }
          const ended = Array.from(terminations, (end, e) => end + (truncations[e] ?? 0) > 0);
          ends += ended.filter(Boolean).length;
          const seen = marks(observations);
          for (const [e, over] of ended.entries()) {
            const shown = !over || final ? seen[e] : undefined;
            if (shown !== undefined)
              assert.equal(shown, trace.observation[t + 1]?.[e], `observation ${e} of step ${t}`);
            if (!over || !trueFinal) continue;
            const last = final ? markOf((infos.finalObservation as Uint8Array[])[e] ?? new Uint8Array()) : seen[e];
            assert.equal(last, trueFinal[t]?.[e], `last observation ${e}, of step ${t}`);
          }
        }
        assert.ok(ends > 0);
      } finally {
        await vector.close();
      }
    });
  }
});
