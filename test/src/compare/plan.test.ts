import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { flagsOf, optionsOf, plannedArms } from '../../../src/compare/arms.ts';
import { parallelismFor } from '../../../src/compare/parallelism.ts';
import { compareOptions, coresOf, gamesOf } from '../../../src/compare/options.ts';
import { plannedRuns } from '../../../src/compare/plan.ts';
import { planSummary, planTable } from '../../../src/compare/plan-words.ts';
import { temporaryFolder } from '../runs/samples.ts';
import { madeUpRun } from '../runs/made-up-ppo-runs.ts';

const cores = ['rim', 'lstm'] as const;

test('a plan tells what is finished, partly trained and missing, and how long the rest takes', (context) => {
  const folder = temporaryFolder(context);
  const arms = plannedArms(cores, ['Breakout'], { steps: 4096, hidden: 64, active: 3 });
  madeUpRun(join(folder, 'Breakout-lstm-s1'), { options: { core: 'lstm', hidden: 64, seed: 1 } });
  madeUpRun(join(folder, 'Breakout-rim-s1'), { options: { core: 'rim', active: 3, seed: 1 }, made: 1024 });
  const runs = plannedRuns(folder, arms, ['Breakout'], [1, 2]);
  assert.deepEqual(
    runs.map(({ arm, seed, state }) => [arm.core, seed, state]),
    [
      ['rim', 1, 'partly trained'],
      ['lstm', 1, 'finished'],
      ['rim', 2, 'missing'],
      ['lstm', 2, 'missing'],
    ],
  );
  assert.match(planTable(runs), /Breakout +rim +1 +1,024 of 4,096 steps +\S+Breakout-rim-s1\n/);
  // Each step took 10 ms: 3,072 and twice 4,096 of them are left, for two runs at once.
  const summary = planSummary(runs, { runs: 2, threads: 1 });
  assert.equal(summary, 'To train: 3 of 4 runs, 11,264 agent steps, 2 at once with 1 thread each; about 56 s');
});

test('a run that was killed after its last update, but before it was saved, is not finished', (context) => {
  const folder = temporaryFolder(context);
  madeUpRun(join(folder, 'Breakout-lstm-s1'), { options: { core: 'lstm' }, made: 4096, saved: 2048 });
  const arms = plannedArms(['lstm'], ['Breakout'], { steps: 4096 });
  assert.equal(plannedRuns(folder, arms, ['Breakout'], [1])[0]?.state, 'partly trained');
});

test('a run that was trained with another setting is refused, but for those of speed', (context) => {
  const folder = temporaryFolder(context);
  const path = madeUpRun(join(folder, 'Breakout-lstm-s1'), { options: { core: 'lstm', threads: 7, workers: 3 } });
  const plan = (given: Readonly<Record<string, unknown>>): unknown =>
    plannedRuns(folder, plannedArms(['lstm'], ['Breakout'], { steps: 4096, ...given }), ['Breakout'], [1]);
  assert.doesNotThrow(() => plan({ threads: 1, checkpointEvery: 3 }));
  assert.throws(() => plan({ steps: 8192 }), {
    name: 'UserError',
    message: `${path} was trained with steps 4096, not 8192: give --steps 4096, or take another folder by --out`,
  });
  assert.throws(() => plan({ learningRate: 0.001 }), {
    name: 'UserError',
    message: new RegExp(`^${path} was trained with learningRate 0.00025, not 0.001: give --learning-rate 0.00025, or`),
  });
});

test('the flag that mends is named: of switches the one that there is, and none of what was not given', (context) => {
  const folder = temporaryFolder(context);
  const path = madeUpRun(join(folder, 'Breakout-lstm-s1'), { options: { core: 'lstm', anneal: false } });
  const plan = (given: Readonly<Record<string, unknown>>): unknown =>
    plannedRuns(folder, plannedArms(['lstm'], ['Breakout'], { steps: 4096, ...given }), ['Breakout'], [1]);
  const refused = (words: string): object => ({
    ...{ name: 'UserError', message: `${path} was trained ${words}, or take another folder by --out` },
  });
  assert.throws(() => plan({}), refused('with anneal false, not true: give --no-anneal'));
  assert.throws(() => plan({ anneal: false, mode: 2 }), refused('without mode, not 2: leave --mode out'));
  assert.throws(
    () => plan({ anneal: false, clipValue: false }),
    refused('with clipValue true, not false: leave --no-clip-value out'),
  );
  // A run from before a setting was there has today's default of it.
  const file = join(path, 'config.json');
  const config = JSON.parse(readFileSync(file, 'utf8')) as { options: Record<string, unknown> };
  const { precision: _, ...older } = config.options;
  writeFileSync(file, JSON.stringify({ ...config, options: older }));
  assert.doesNotThrow(() => plan({ anneal: false }));
  writeFileSync(file, JSON.stringify({ ...config, options: { ...older, gone: 1 } }));
  assert.throws(() => plan({ anneal: false }), { name: 'UserError', message: /config\.json: .*gone/ });
  rmSync(file);
  assert.throws(() => plan({}), { message: `${path} is of a run that was killed before it began: remove it` });
});

test('a setting goes to the arms that have it; one that none has is refused', () => {
  const arms = plannedArms(cores, ['Breakout'], { hidden: 64, envs: 4 });
  assert.deepEqual(
    arms.map(({ given }) => given),
    [{ envs: 4 }, { hidden: 64, envs: 4 }],
  );
  assert.equal(optionsOf(arms[1] as (typeof arms)[number], 'Breakout', 5).hidden, 64);
  assert.deepEqual(flagsOf({ learningRate: 0.1, anneal: false, greedy: true, seed: undefined }), [
    ...['--learning-rate', '0.1', '--no-anneal', '--greedy'],
  ]);
  assert.throws(() => flagsOf({ sizes: [1] }), { name: 'TypeError', message: /sizes is object/ });
  const layers = { message: '--layers does nothing with the cores rim, lstm; leave it out' };
  assert.throws(() => plannedArms(cores, ['Breakout'], { layers: '3x4:2' }), layers);
  const sticky = { message: /--sticky does nothing in CartPole-v1/ };
  assert.throws(() => plannedArms(cores, ['Breakout', 'CartPole-v1'], { sticky: 0.25 }), sticky);
});

test('games and cores are read from lists; mistakes are named', () => {
  const options = (given: object): ReturnType<typeof compareOptions.parse> => compareOptions.parse(given);
  assert.deepEqual(gamesOf(options({ game: 'pong, ALE/Breakout-v5,Pong' })), ['Pong', 'Breakout']);
  assert.throws(() => gamesOf(options({ game: 'Pong,Brekout' })), { message: /unknown game "Brekout".*Breakout/ });
  assert.throws(() => coresOf(options({ cores: 'rim,lsmt' })), {
    message: '--cores "lsmt": must be among rim, brim, lstm, gru, ff',
  });
  assert.throws(() => coresOf(options({ cores: 'rim,rim' })), { message: /two arms at least/ });
});

test('as many runs at once as cores and memory bear, with the cores parallelismFor among them', () => {
  const machine = { cores: 8, freeBytes: 40 * 2 ** 30 };
  assert.deepEqual(parallelismFor(20, undefined, machine), { runs: 8, threads: 1 });
  assert.deepEqual(parallelismFor(2, undefined, machine), { runs: 2, threads: 4 });
  assert.deepEqual(parallelismFor(20, undefined, { ...machine, freeBytes: 3.5 * 2 ** 30 }), { runs: 3, threads: 2 });
  assert.deepEqual(parallelismFor(20, undefined, { cores: 2, freeBytes: 0 }), { runs: 1, threads: 2 });
  assert.deepEqual(parallelismFor(20, 12, machine), { runs: 12, threads: 1 });
});
