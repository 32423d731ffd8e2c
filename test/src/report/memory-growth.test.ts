import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryGrowth } from '../../../src/report/memory-growth.ts';
import type { MetricLine } from '../../../src/runs/index.ts';
import { sampleMetric } from '../runs/samples.ts';

/** An update each second and 1,024 agent steps. @param bytes resident after update 1, 2, ... */
function run(updates: number, bytes: (update: number) => number): MetricLine[] {
  return Array.from({ length: updates }, (_, i) => ({
    ...sampleMetric(i + 1),
    memory: { rssBytes: bytes(i + 1), tensors: 60 },
  }));
}

test('growth is counted from the end of the first minute, between medians', () => {
  // Updates 60 to 159 count: a hundred, ten in each tenth. A steady 1 byte per update makes medians of
  // 1000 + 64.5 in the first tenth, + 114.5 after the middle, + 154.5 in the last.
  const found = memoryGrowth(
    run(159, (update) => (update < 60 ? 1 : 1000 + update)),
    [],
  );
  assert.deepEqual(found, {
    fromStep: 60 * 1024,
    toStep: 159 * 1024,
    first: 1064.5,
    middle: 1114.5,
    last: 1154.5,
    growth: 1154.5 / 1064.5 - 1,
    laterGrowth: 1154.5 / 1114.5 - 1,
  });
});

test('single updates with much garbage are no growth', () => {
  const found = memoryGrowth(
    run(159, (update) => (update % 10 === 9 ? 2000 : 1000)),
    [],
  );
  assert.deepEqual([found?.growth, found?.laterGrowth], [0, 0]);
});

test('memory that falls once and then leaks shows the leak in the later growth', () => {
  const found = memoryGrowth(
    run(159, (update) => (update < 80 ? 2000 : 1000 + update)),
    [],
  );
  assert.ok(found && found.growth < 0 && found.laterGrowth > 0.03);
});

test('a resumed run counts from the first minute of its last process', () => {
  const found = memoryGrowth(
    run(200, (update) => (update <= 100 ? 5000 : 1000)),
    [{ agentStep: 50 * 1024 }, { agentStep: 100 * 1024 }],
  );
  // The checkpoint was saved after 100 seconds.
  assert.deepEqual([found?.fromStep, found?.first, found?.growth], [160 * 1024, 1000, 0]);
});

test('less than ten updates after the first minute tell nothing', () => {
  assert.equal(
    memoryGrowth(
      run(68, () => 1000),
      [],
    ),
    null,
  );
  assert.equal(memoryGrowth([], []), null);
});
