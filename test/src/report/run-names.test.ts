import assert from 'node:assert/strict';
import { test } from 'node:test';
import { briefNames, runNames } from '../../../src/report/run-names.ts';
import type { RunConfig } from '../../../src/runs/index.ts';
import { settings } from '../runs/samples.ts';

interface NamedRun {
  readonly path: string;
  readonly config: RunConfig;
}

/** @param kernels the kernels that ran */
function run(path: string, options: object, kernels = 'native (avx2)'): NamedRun {
  const processor = { model: 'x', cores: 2, memoryBytes: 1, platform: 'linux x64' };
  const versions = { ale: '0.12.1', kernels };
  const all = { ...settings.options, kernels: 'auto', precision: 'float32', ...options };
  return { path, config: { format: 1, created: '', ...settings, options: all, versions, processor } };
}

test('a name says game, core, seed, and each further setting in which the runs differ', () => {
  assert.deepEqual(runNames([run('a', {}), run('b', { core: 'lstm' }), run('c', { seed: 2 })]), [
    'Breakout, rim, seed 1',
    'Breakout, lstm, seed 1',
    'Breakout, rim, seed 2',
  ]);
  assert.deepEqual(
    runNames([run('a', {}), run('b', { precision: 'bf16' }), run('c', { kernels: 'portable' }, 'portable')]),
    [
      'Breakout, rim, seed 1, native kernels, float32',
      'Breakout, rim, seed 1, native kernels, bf16',
      'Breakout, rim, seed 1, portable kernels, float32',
    ],
  );
  assert.deepEqual(runNames([run('a', { steps: 500_000 }), run('b', { steps: 1e6, learningRate: 0.001 })]), [
    'Breakout, rim, seed 1, 500,000 steps',
    'Breakout, rim, seed 1, 1,000,000 steps, learning rate 0.001',
  ]);
});

test('a setting that a core does not use is no part of its name', () => {
  const [gru, small] = ['gru', 'gru'].map((core, i) => run(`${core}${i}`, { core, hidden: 8 * (i + 1) }));
  assert.ok(gru && small);
  assert.deepEqual(runNames([gru, run('ff', { core: 'ff', hidden: 512 })]), [
    'Breakout, gru, seed 1',
    'Breakout, ff, seed 1',
  ]);
  assert.deepEqual(runNames([gru, small, run('ff', { core: 'ff', hidden: 512 })]), [
    'Breakout, gru, seed 1, hidden 8',
    'Breakout, gru, seed 1, hidden 16',
    'Breakout, ff, seed 1',
  ]);
});

test('the kernels are those that ran, whatever was asked for', () => {
  const names = runNames([run('a', { kernels: 'auto' }), run('b', { kernels: 'native', seed: 2 }, 'native (avx512)')]);
  assert.deepEqual(names, ['Breakout, rim, seed 1', 'Breakout, rim, seed 2']);
});

test('only runs with the same settings are told apart by their folders', () => {
  assert.deepEqual(runNames([run('runs/a', {}), run('runs/b', {}), run('runs/c', { seed: 2 })]), [
    'Breakout, rim, seed 1 (runs/a)',
    'Breakout, rim, seed 1 (runs/b)',
    'Breakout, rim, seed 2',
  ]);
});

test('brief names leave out what all have', () => {
  assert.deepEqual(briefNames(['Breakout, rim, seed 1, bf16', 'Breakout, rim, seed 2, bf16']), ['seed 1', 'seed 2']);
});
