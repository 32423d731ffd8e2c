import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadAle } from 'ale-wasm';
import { aleVersion, atariDefaults } from '../../../envs/atari/index.ts';
import { atariOptions, recipe } from '../../../envs/atari/options.ts';

test('options out of range are refused by name, value and range', () => {
  const userError = (message: RegExp) => ({ name: 'UserError', message });
  assert.throws(() => atariOptions({ sticky: 1.5 }), userError(/^sticky 1.5 .*0 to 1$/));
  assert.throws(() => atariOptions({ sticky: NaN }), userError(/^sticky NaN/));
  assert.throws(() => atariOptions({ frameSkip: 0 }), userError(/^frameSkip 0 .*1 to 60$/));
  assert.throws(() => atariOptions({ stack: 2.5 }), userError(/^stack 2.5/));
  assert.throws(() => atariOptions({ noops: -1 }), userError(/^noops -1/));
  assert.throws(() => atariOptions({ frameCap: 0 }), userError(/^frameCap 0/));
});

test('what is left out, or undefined, has its default', () => {
  assert.deepEqual(atariOptions({}), atariDefaults);
  assert.deepEqual(atariOptions({ sticky: undefined }), atariDefaults);
  assert.equal(atariOptions({ noops: 0 }).noops, 0);
});

test('every option shows in the recipe', () => {
  const changed = {
    sticky: 0.25,
    noops: 0,
    frameSkip: 1,
    stack: 2,
    lifeLoss: false,
    rewardClip: false,
    fullActionSet: true,
    frameCap: 1000,
  };
  const lines = Object.entries(changed).map(([name, value]) => recipe(atariOptions({ [name]: value })));
  assert.equal(new Set([...lines, recipe(atariDefaults)]).size, lines.length + 1);
  for (const line of lines) assert.doesNotMatch(line, /\n/);
});

test('the recipe names the ALE that was built', async () => {
  assert.equal((await loadAle()).version, aleVersion());
});
