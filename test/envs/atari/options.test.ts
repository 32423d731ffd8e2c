import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadAle } from 'ale-wasm';
import { aleVersion, atariDefaults } from '../../../envs/atari/index.ts';
import { atariOptions } from '../../../envs/atari/options.ts';
import { recipe } from '../../../envs/atari/recipe.ts';

test('options out of range are refused by name, value and range', () => {
  const userError = (message: RegExp) => ({ name: 'UserError', message });
  assert.throws(
    () => atariOptions({ repeatActionProbability: 1.5 }),
    userError(/^repeatActionProbability 1.5 .*0 to 1$/),
  );
  assert.throws(() => atariOptions({ repeatActionProbability: NaN }), userError(/^repeatActionProbability NaN/));
  assert.throws(() => atariOptions({ frameSkip: 0 }), userError(/^frameSkip 0 .*1 to 60$/));
  assert.throws(() => atariOptions({ stackNum: 2.5 }), userError(/^stackNum 2.5/));
  assert.throws(() => atariOptions({ noopMax: -1 }), userError(/^noopMax -1/));
  assert.throws(() => atariOptions({ maxNumFramesPerEpisode: 0 }), userError(/^maxNumFramesPerEpisode 0/));
});

test('what is left out, or undefined, has its default', () => {
  assert.deepEqual(atariOptions({}), atariDefaults);
  assert.deepEqual(atariOptions({ repeatActionProbability: undefined }), atariDefaults);
  assert.equal(atariOptions({ noopMax: 0 }).noopMax, 0);
});

test('every option shows in the recipe', () => {
  const changed = {
    repeatActionProbability: 0.25,
    noopMax: 0,
    frameSkip: 1,
    stackNum: 2,
    maxPool: false,
    screenSize: [96, 100] as const,
    grayscale: false,
    fireReset: true,
    mode: 4,
    difficulty: 1,
    seeding: 'ale' as const,
    terminalOnLifeLoss: false,
    rewardClip: 'range' as const,
    fullActionSpace: true,
    maxNumFramesPerEpisode: 1000,
  };
  const lines = Object.entries(changed).map(([name, value]) => recipe(atariOptions({ [name]: value })));
  assert.equal(new Set([...lines, recipe(atariDefaults)]).size, lines.length + 1);
  for (const line of lines) assert.doesNotMatch(line, /\n/);
});

test('the recipe names the ALE that was built', async () => {
  assert.equal((await loadAle()).version, aleVersion());
});
