// Observations, rewards, ends and lives of other recipes, recorded by test/oracle/atari-preprocessing.py, equal ours
// bit for bit where the recipes agree. docs/environments.md tells where they do not.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { atariPresets, PreprocessedAtariEnv, type PreprocessedAtariOptions } from '../../../envs/atari/index.ts';
import { framesFirst, Marks, recorded, renamed, type Trace, TraceRandom } from './marks.ts';

interface Playing {
  /** Steps to play. */
  steps: number;
  /** Whether the observation that ends an episode is compared too; most peers show a stale one. */
  last?: boolean;
  /** Whether a lost life ends the comparison, where the peer then plays another game. */
  untilLifeLost?: boolean;
  view: (observation: Uint8Array) => Uint8Array;
}

/** Plays the script's actions. */
async function play(trace: Trace, options: PreprocessedAtariOptions, playing: Playing): Promise<readonly unknown[]> {
  const env = await PreprocessedAtariEnv.create(options);
  const marks = new Marks(trace.every);
  const random = new TraceRandom(trace.seed);
  marks.see(playing.view(env.reset({ seed: trace.seed }).observation));
  for (let step = 0; step < playing.steps; step++) {
    const { observation, reward, terminated, truncated, info } = env.step(random.below(env.actionSpace.n));
    if (playing.untilLifeLost && terminated) break;
    const over = truncated || (terminated && info.lives === 0);
    const shown = terminated || truncated ? env.reset().observation : observation;
    if (over && playing.last === false) {
      marks.step(reward, terminated, truncated, Number(info.lives));
      marks.see(playing.view(shown));
    } else {
      marks.see(playing.view(shown));
      marks.step(reward, terminated, truncated, Number(info.lives));
    }
  }
  env.close();
  return marks.marks;
}

describe('AtariVectorEnv', () => {
  for (const trace of recorded.vectors) {
    test(`${trace.game} ${JSON.stringify(trace.options)}, seed ${trace.seed}`, async () => {
      const { img_width = 84, img_height = 84, life_loss_info = false, ...options } = trace.options;
      const named = renamed(
        { reward_clipping: true, use_fire_reset: true, ...options },
        { frameskip: 'frameSkip', maxpool: 'maxPool', use_fire_reset: 'fireReset', reward_clipping: 'rewardClip' },
        { reward_clipping: (on) => (on ? 'range' : false) },
      ) as Partial<PreprocessedAtariOptions>;
      const frames = named.stackNum ?? 4;
      const screen = { screenSize: [Number(img_width), Number(img_height)] as const };
      const marks = await play(
        trace,
        { game: trace.game, seeding: 'ale', ...named, ...screen, terminalOnLifeLoss: Boolean(life_loss_info) },
        { steps: 160, last: false, view: (stack) => framesFirst(stack, frames, named.grayscale === false ? 3 : 1) },
      );
      assert.deepEqual(marks.slice(0, trace.marks.length), trace.marks);
      assert.ok(trace.marks.length >= 3);
    });
  }
});

describe('AtariPreprocessing', () => {
  for (const trace of recorded.preprocessings) {
    test(`${trace.id} ${JSON.stringify({ ...trace.made, ...trace.options })}, seed ${trace.seed}`, async () => {
      const options = renamed(trace.options, { grayscale_obs: 'grayscale' }) as Partial<PreprocessedAtariOptions>;
      const made = renamed(trace.made, {}) as Partial<PreprocessedAtariOptions>;
      const preset = atariPresets[trace.id.endsWith('v4') ? 'NoFrameskip-v4' : 'v5'];
      const marks = await play(
        trace,
        { game: trace.id, ...preset, noopMax: 30, ...made, ...options },
        {
          steps: 200,
          last: false,
          untilLifeLost: options.terminalOnLifeLoss === true,
          view: (stack) => framesFirst(stack, 4, options.grayscale === false ? 3 : 1),
        },
      );
      assert.deepEqual(marks, trace.marks);
      assert.ok(trace.marks.length > 0);
    });
  }
});

describe("Stable-Baselines3's wrappers", () => {
  for (const trace of recorded.baselines) {
    test(`${trace.game}, seed ${trace.seed}`, async () => {
      const marks = await play(
        trace,
        { game: trace.game, ...atariPresets.baselines },
        { steps: 240, view: (stack) => stack },
      );
      const withoutLives = marks.map((mark) => [...(mark as unknown[]).slice(0, 3), 0]);
      assert.deepEqual(withoutLives, trace.marks);
    });
  }
});
