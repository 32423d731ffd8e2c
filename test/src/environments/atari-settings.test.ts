import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import { atariDefaults, atariPresets } from '../../../envs/atari/index.ts';
import { atariOptions } from '../../../envs/atari/options.ts';
import { addFlags, parse } from '../../../src/cli/flags.ts';
import { checked } from '../../../src/settings/checked.ts';
import { atariOptionsOf, withPreset } from '../../../src/environments/atari-settings.ts';
import { ppoOptions } from '../../../src/ppo/config.ts';

/** The Atari recipe that a command line means. */
const recipeOf = (line: string): unknown => {
  const given = parse(addFlags(new Command(), ppoOptions), line.split(' ').filter(Boolean));
  return atariOptions(atariOptionsOf(checked(ppoOptions, withPreset(given))));
};

test("without flags a run's recipe is the defaults", () => {
  assert.deepEqual(recipeOf(''), atariDefaults);
});

test('a preset sets its options, and flags beside it go before it', () => {
  for (const [name, preset] of Object.entries(atariPresets)) {
    assert.deepEqual(recipeOf(`--preset ${name}`), { ...atariDefaults, ...preset }, name);
  }
  assert.deepEqual(recipeOf('--preset v5 --life-loss --reward-clip sign --sticky 0.1'), {
    ...atariDefaults,
    ...atariPresets.v5,
    terminalOnLifeLoss: true,
    rewardClip: 'sign',
    repeatActionProbability: 0.1,
  });
  assert.deepEqual(recipeOf('--no-fire-reset --no-reward-clip --preset baselines'), {
    ...atariDefaults,
    ...atariPresets.baselines,
    fireReset: false,
    rewardClip: false,
  });
});

test('every flag of the recipe reaches its option', () => {
  const line =
    '--sticky 0.25 --noops 0 --fire-reset --frame-skip 2 --no-max-pool --no-grayscale --stack 2 --no-life-loss ' +
    '--reward-clip range --full-action-set --frame-cap 1000 --mode 4 --difficulty 1';
  assert.deepEqual(recipeOf(line), {
    ...atariDefaults,
    repeatActionProbability: 0.25,
    noopMax: 0,
    fireReset: true,
    frameSkip: 2,
    maxPool: false,
    grayscale: false,
    stackNum: 2,
    terminalOnLifeLoss: false,
    rewardClip: 'range',
    fullActionSpace: true,
    maxNumFramesPerEpisode: 1000,
    mode: 4,
    difficulty: 1,
  });
});

test('settings of runs from before the choice of clipping still hold', () => {
  assert.equal(ppoOptions.parse({ rewardClip: true }).rewardClip, 'sign');
  assert.equal(ppoOptions.parse({ rewardClip: false }).rewardClip, 'none');
});
