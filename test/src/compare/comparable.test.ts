import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { differences } from '../../../src/compare/comparable.ts';
import { comparedArms, runFolders } from '../../../src/compare/run-set.ts';
import { temporaryFolder } from '../runs/samples.ts';
import { type MadeUp, madeUpRun } from '../runs/made-up-ppo-runs.ts';

test('runs of the same settings are an arm; arms of one core are told apart by what differs', (context) => {
  const folder = temporaryFolder(context);
  const make = (name: string, options: object): string => madeUpRun(join(folder, name), { options: { ...options } });
  make('a', { core: 'lstm', seed: 1 });
  make('b', { core: 'lstm', seed: 2, threads: 3 });
  make('c', { core: 'lstm', seed: 1, learningRate: 0.001 });
  make('d', { core: 'rim', seed: 1, hidden: 7 });
  const arms = comparedArms(runFolders([folder]));
  assert.deepEqual(
    arms.map(({ name, runs }) => [name, runs.map(({ seed }) => seed)]),
    [
      ['lstm, learning rate 0.00025', [1, 2]],
      ['lstm, learning rate 0.001', [1]],
      ['rim', [1]],
    ],
  );
  assert.deepEqual(differences(arms), []);
  const twin = make('e', { core: 'rim', seed: 1 });
  assert.throws(() => comparedArms(runFolders([folder])), { message: new RegExp(`${twin} are the same run`) });
});

test('what makes runs incomparable is said with both sides', (context) => {
  const folder = temporaryFolder(context);
  const lstm = (name: string, made: MadeUp): string => madeUpRun(join(folder, name), made);
  const plain = lstm('plain', { options: { core: 'lstm' } });
  const cases: [MadeUp, string][] = [
    [{ options: { steps: 8192 } }, `agent steps: 4,096 in ${plain}, 8,192 in OTHER`],
    [{ recipe: 'colours' }, `the preprocessing of Breakout: gray in ${plain}, colours in OTHER`],
    [{ versions: { ale: '0.11' } }, `versions in Breakout: ale 0.12.1 in ${plain}, ale 0.11 in OTHER`],
    [{ made: 1024 }, 'OTHER has made 1,024 of 4,096 agent steps'],
  ];
  for (const [i, [made, said]] of cases.entries()) {
    const other = lstm(`other${i}`, made);
    assert.deepEqual(differences(comparedArms([plain, other])), [said.replace('OTHER', other)]);
  }
  const pong = lstm('pong', { options: { game: 'Pong' } });
  assert.deepEqual(differences(comparedArms([plain, pong])), ['rim has no run of Breakout', 'lstm has no run of Pong']);
});

test('a config.json without what names a run, or with another network, is refused by its path', (context) => {
  const path = madeUpRun(join(temporaryFolder(context), 'run'));
  const file = join(path, 'config.json');
  const config = JSON.parse(readFileSync(file, 'utf8')) as Record<'options' | 'agent', Record<string, unknown>>;
  const { seed: _, ...withoutSeed } = config.options;
  for (const [changed, said] of [
    [{ options: withoutSeed }, /run\/config\.json: .*seed/],
    [{ options: { ...config.options, colour: 'red' } }, /config\.json: .*colour/],
    [{ agent: { ...config.agent, features: 'many' } }, /config\.json: .*features/],
  ] as const) {
    writeFileSync(file, JSON.stringify({ ...config, ...changed }));
    assert.throws(() => comparedArms([path]), { name: 'UserError', message: said });
  }
});

test('paths without a run, and runs without a score, are refused in one line', (context) => {
  const folder = temporaryFolder(context);
  assert.throws(() => runFolders([folder]), { message: `${folder} is no folder of a run of PPO, and none lies in it` });
  assert.throws(() => runFolders([join(folder, 'x')]), { message: /^no folder .*x; run folders lie in runs\// });
  const path = madeUpRun(join(folder, 'run'), { scores: [] });
  assert.throws(() => comparedArms([path]), { message: /has no finished game yet, so it has no score/ });
});
