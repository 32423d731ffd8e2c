import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { measuredUpdates, plan, usualLists } from './scaling-plan.ts';
import { scalingPage, scalingSchema } from './scaling-report.ts';

const docs = new URL('../../docs/', import.meta.url);

test('each value is tried alone beside the base, and workers without an environment are left out', () => {
  assert.deepEqual(plan({ envs: [8, 32], workers: [4, 1, 16], threads: [4, 2], groups: [1, 2] }), [
    { envs: 8, workers: 4, threads: 4, groups: 1 },
    { envs: 32, workers: 4, threads: 4, groups: 1 },
    { envs: 8, workers: 1, threads: 4, groups: 1 },
    { envs: 8, workers: 4, threads: 2, groups: 1 },
    { envs: 8, workers: 4, threads: 4, groups: 2 },
  ]);
});

test('where nothing is said, workers and threads go from all cores over the powers of two below', () => {
  assert.deepEqual(usualLists(12), {
    envs: [8, 16, 32, 64],
    workers: [12, 1, 2, 4, 8, 24],
    threads: [12, 1, 2, 4, 8],
    groups: [1, 2],
  });
  assert.deepEqual(usualLists(1).threads, [1]);
});

test('large rollouts are measured over two updates at least', () => {
  const updates = (envs: number): number => measuredUpdates({ envs, workers: 1, threads: 1, groups: 1 }, 8192);
  assert.deepEqual([8, 16, 64].map(updates), [8, 4, 2]);
});

test('docs/scaling.md says what was measured', () => {
  const measured: unknown = JSON.parse(readFileSync(new URL('benchmarks/scaling.json', docs), 'utf8'));
  assert.equal(scalingSchema.safeParse(measured).success, true);
  const page = readFileSync(new URL('scaling.md', docs), 'utf8');
  assert.equal(page, scalingPage(measured), 'npm run bench -- scaling --write measures and writes anew');
});
