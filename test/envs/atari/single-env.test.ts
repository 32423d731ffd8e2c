// What is true of AtariEnv and of PreprocessedAtariEnv alike: checked, drawn, saved, and closed when making fails.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import {
  checkEnv,
  type Env,
  make,
  RecordVideo,
  register,
  type ResetResult,
  setWarningHandler,
  type StepResult,
  unwrapped,
} from 'gym-js';
import { AtariEnv, PreprocessedAtariEnv, registerAtari } from '../../../envs/atari/index.ts';
import { sharedAle } from '../../../envs/atari/shared-ale.ts';
import { randomAction } from './play.ts';

registerAtari();
const metadata = { renderModes: ['rgb_array'], renderFps: 15 };
const entryPoint = Object.assign(PreprocessedAtariEnv.create.bind(PreprocessedAtariEnv), { metadata });
register({ id: 'test/PreprocessedBreakout-v0', entryPoint, kwargs: { game: 'Breakout' } });

interface Saveable extends Env<unknown, number> {
  saveState(): Uint8Array;
  restoreState(saved: Uint8Array): ResetResult<unknown>;
}

/** Plays on with actions of one's own; ends are followed by resets. */
function play(env: Saveable, from: number, steps: number): unknown[] {
  return Array.from({ length: steps }, (_, i) => {
    const step: StepResult<unknown> = env.step(randomAction(0, from + i, 4));
    return step.terminated || step.truncated ? [step, env.reset()] : [step];
  });
}

for (const id of ['ALE/Breakout-v5', 'test/PreprocessedBreakout-v0']) {
  test(`${id}: gym-js's checker finds nothing to mend`, async () => {
    const warnings: string[] = [];
    const before = setWarningHandler((message) => warnings.push(message));
    try {
      const env = unwrapped(await make(id, { renderMode: 'rgb_array' }));
      await checkEnv(env);
      env.close();
    } finally {
      setWarningHandler(before);
    }
    assert.deepEqual(warnings, []);
  });
}

const kinds = {
  AtariEnv: (options: object) => AtariEnv.create({ game: 'Breakout', frameskip: [2, 5], ...options }),
  PreprocessedAtariEnv: (options: object) =>
    PreprocessedAtariEnv.create({ game: 'Breakout', repeatActionProbability: 0.25, fireReset: true, ...options }),
};

for (const [kind, create] of Object.entries(kinds)) {
  describe(kind, async () => {
    const open: Saveable[] = [];
    const made = async (options: object = {}): Promise<Saveable> => {
      const env = (await create(options)) as Saveable;
      open.push(env);
      return env;
    };
    after(() => open.forEach((env) => env.close()));

    test('a saved moment goes on as if it had not been saved, here and in another', async () => {
      const [env, other] = [await made(), await made()];
      env.reset({ seed: 7 });
      for (const at of [0, 13, 120]) {
        play(env, at, 30);
        const saved = env.saveState();
        const on = play(env, at, 150);
        const seen = other.restoreState(saved);
        assert.ok(other.observationSpace.contains(seen.observation));
        assert.deepEqual(play(other, at, 150), on);
        env.restoreState(saved);
        assert.deepEqual(play(env, at, 150), on);
      }
    });

    test('what restoring returns is what was seen last', async () => {
      const env = await made();
      env.reset({ seed: 1 });
      const { observation, info } = env.step(1);
      const saved = env.saveState();
      play(env, 5, 20);
      assert.deepEqual(env.restoreState(saved), { observation, info });
    });

    test('bytes that are damaged, foreign or of other options are refused, and nothing changes', async () => {
      const env = await made();
      env.reset({ seed: 2 });
      const saved = env.saveState();
      const damaged = saved.slice();
      damaged[damaged.length >> 1]! ^= 1;
      const foreign = await (kind === 'AtariEnv' ? kinds.PreprocessedAtariEnv({}) : kinds.AtariEnv({}));
      foreign.reset({ seed: 1 });
      const wrong: [Uint8Array, RegExp][] = [
        [damaged, /damaged|no saved/],
        [new Uint8Array(9), /are no saved environments/],
        [foreign.saveState(), /^these are saved environments of kind .*; this one restores/],
        [(await made({ repeatActionProbability: 0.5 })).saveState(), /repeatActionProbability 0.5, this one has 0.25;/],
        [(await made({ game: 'Pong' })).saveState(), /with game "pong", this one has "breakout"/i],
      ];
      for (const [bytes, message] of wrong) {
        assert.throws(() => env.restoreState(bytes), { name: /^(User|Ale)Error$/, message });
      }
      foreign.close();
      const on = play(env, 0, 20);
      env.restoreState(saved);
      assert.deepEqual(play(env, 0, 20), on);
    });

    test('an emulator is closed where making its environment fails half-way', async () => {
      const module = await sharedAle();
      let [opened, closed] = [0, 0];
      const original = module.create.bind(module);
      module.create = async () => {
        const ale = await original();
        opened++;
        const close = ale.close.bind(ale);
        ale.close = () => {
          closed++;
          close();
        };
        return ale;
      };
      await assert.rejects(create({ mode: 5 }), { name: 'AleError', message: /^mode 5; breakout has 0, 4, 8/ });
      Reflect.deleteProperty(module, 'create');
      assert.deepEqual([opened, closed], [1, 1]);
    });
  });
}

test('PreprocessedAtariEnv draws the screen that AtariEnv shows, and RecordVideo records it', async () => {
  const same = { repeatActionProbability: 0.25, renderMode: 'rgb_array' } as const;
  const whole = { noopMax: 0, terminalOnLifeLoss: false };
  const preprocessed = await PreprocessedAtariEnv.create({ game: 'Breakout', ...whole, ...same });
  const raw = await AtariEnv.create({ game: 'Breakout', frameskip: 4, ...same });
  const videoFolder = mkdtempSync(join(tmpdir(), 'rim-agents-'));
  after(() => rmSync(videoFolder, { recursive: true }));
  const recording = { videoFolder, format: 'gif', videoLength: 5 } as const;
  const recorded = await RecordVideo.create(preprocessed, recording);
  const [first, seen] = [recorded.reset({ seed: 3 }), raw.reset({ seed: 3 })];
  assert.equal(first.info.frameNumber, seen.info.frameNumber);
  for (let t = 0; t < 40; t++) {
    const [step, shown] = [recorded.step(randomAction(0, t, 4)), raw.step(randomAction(0, t, 4))];
    assert.deepEqual(preprocessed.render(), { data: shown.observation, height: 210, width: 160 });
    assert.equal(step.info.frameNumber, shown.info.frameNumber);
  }
  recorded.close();
  raw.close();
  assert.equal(recorded.videos.length, 1);
  assert.equal(readFileSync(recorded.videos[0]!).subarray(0, 6).toString(), 'GIF89a');
  const blind = await PreprocessedAtariEnv.create({ game: 'Breakout' });
  assert.throws(() => blind.render(), { name: 'UserError', message: /no renderMode was chosen/ });
  blind.close();
});
