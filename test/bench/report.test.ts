import assert from 'node:assert/strict';
import { test } from 'node:test';
import { align, compare, tableOf, type Run } from './report.ts';

const contestants = [
  { id: 'rim-agents', title: 'ours' },
  { id: 'peer', title: 'theirs' },
];
const machine = { processor: 'Some CPU', cores: 2 };
const run = (
  contestant: string,
  round: number,
  stepsPerSecond: number,
  peakBytes?: number,
  othersCores = 0.02,
): Run => ({
  contestant,
  round,
  stepsPerSecond,
  firstUpdateSeconds: 4,
  updateSeconds: [4, 6],
  peakBytes,
  othersCores,
});
const runs = [
  run('rim-agents', 1, 300, 500 * 2 ** 20),
  run('peer', 1, 200),
  run('peer', 2, 250),
  run('rim-agents', 2, 350, 600 * 2 ** 20),
];

test('rounds are compared with their own round, whatever the order of the runs', () => {
  const { contestants: results, ratios } = compare(contestants, runs, machine, { warmup: 1, updates: 1 });
  assert.deepEqual(results[0]?.stepsPerSecond, { best: 350, median: 325, rounds: [300, 350] });
  assert.equal(results[0]?.peakBytes, 600 * 2 ** 20);
  assert.equal(results[1]?.peakBytes, undefined);
  assert.deepEqual(ratios, [{ against: 'peer', best: 1.4, median: 1.45, rounds: [1.5, 1.4] }]);
});

test('the table tells rate, ratio, memory and the rule', () => {
  const table = tableOf(compare(contestants, runs, machine, { warmup: 1, updates: 1 }));
  assert.match(table, /^ours +350\.0 +325\.0 +300\.0 {2}350\.0 +4\.0 s +600 MiB +0\.02 cores$/m);
  assert.match(table, /^theirs +250\.0 +225\.0 +200\.0 {2}250\.0 +4\.0 s +- +0\.02 cores$/m);
  assert.match(table, /^rim-agents \/ peer: 1\.40 best to best; 1\.45 median of the rounds' ratios \(1\.50, 1\.40\)$/m);
  assert.match(table, /updates 2 to 2, over the seconds between the ends of updates 1 and 2/);
});

test('figures of a busy machine are said to be worthless', () => {
  const idle = tableOf(compare(contestants, runs, machine, { warmup: 1, updates: 1 }));
  assert.doesNotMatch(idle, /do not hold/);
  const disturbed = runs.map((one) => (one.round === 2 ? { ...one, othersCores: 0.7 } : one));
  const busy = tableOf(compare(contestants, disturbed, machine, { warmup: 1, updates: 1 }));
  assert.match(busy, /0\.70 cores$/m);
  assert.match(busy, /do not hold/);
});

test('columns are as wide as their widest cell', () => {
  assert.deepEqual(
    align([
      ['', 'best'],
      ['longer', '1.0'],
    ]),
    ['         best', 'longer    1.0'],
  );
});
