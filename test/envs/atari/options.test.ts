import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atariDefaults } from '../../../envs/atari/index.ts';
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
  assert.throws(() => atariOptions({ maxNumFramesPerEpisode: -1 }), userError(/^maxNumFramesPerEpisode -1/));
  assert.throws(() => atariOptions({ screenSize: [84, 84, 3] as never }), userError(/^screenSize \[84, 84, 3\]/));
});

test('options of another type are refused, since JavaScript would take them for something', () => {
  const refused = (given: object, message: RegExp): void =>
    assert.throws(() => atariOptions(given), { name: 'UserError', message });
  refused({ fireReset: 'false' }, /^fireReset "false" is no switch; give true or false$/);
  refused({ grayscale: 1 }, /^grayscale 1 is no switch/);
  refused({ repeatActionProbability: '0.25' }, /^repeatActionProbability "0.25" .*0 to 1$/);
  refused({ screenSize: '84' }, /^screenSize "84" .*1 to 250$/);
  refused({ rewardClip: 'none' }, /^rewardClip "none" is unknown; give "sign" or "range" or false$/);
});

test('options that there are not are refused with the name that was meant', () => {
  const refused = (given: object, message: RegExp): void =>
    assert.throws(() => atariOptions(given), { name: 'UserError', message });
  refused({ noop_max: 0 }, /^unknown option noop_max of the Atari recipe; did you mean "noopMax"\?$/);
  refused({ frameskip: 1 }, /^unknown option frameskip of .*; did you mean "frameSkip"\?$/);
  refused({ stackNumber: 4 }, /^unknown option stackNumber .*"stackNum"/);
  refused(
    { obsType: 'ram' },
    /^unknown option obsType of the Atari recipe; there are repeatActionProbability, noopMax/,
  );
});

test('no cap on frames is an option, and shows in the recipe', () => {
  assert.match(recipe(atariOptions({ maxNumFramesPerEpisode: 0 }), '0.12.1'), /; no cap$/);
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
  const lines = Object.entries(changed).map(([name, value]) => recipe(atariOptions({ [name]: value }), '0.12.1'));
  assert.equal(new Set([...lines, recipe(atariDefaults, '0.12.1')]).size, lines.length + 1);
  for (const line of lines) assert.doesNotMatch(line, /\n/);
});
