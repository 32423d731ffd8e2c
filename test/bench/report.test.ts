import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '../../src/errors.ts';
import { align, compare, comparisonSchema, tableOf, type Run } from './report.ts';
import { chosenContestants } from './training.ts';

const contestants = [
  { id: 'rim', title: 'ours' },
  { id: 'lstm', title: 'our other' },
  { id: 'cleanrl-lstm', title: 'theirs' },
];
const where = {
  date: '2026-01-31',
  command: 'npm run bench -- training',
  machine: { processor: 'Some CPU', cores: 2 },
  versions: { node: '20.0.0' },
};
const window = { warmup: 1, updates: 2, seconds: 9 };
const run = (contestant: string, round: number, stepsPerSecond: number, extra: Partial<Run> = {}): Run => ({
  contestant,
  round,
  stepsPerSecond,
  firstUpdateSeconds: 4,
  updateSeconds: [4, 6],
  othersCores: 0.02,
  ...extra,
});
const runs = [
  run('rim', 1, 300, { peakBytes: 500 * 2 ** 20 }),
  run('lstm', 1, 150),
  run('cleanrl-lstm', 1, 200),
  run('cleanrl-lstm', 2, 250),
  run('lstm', 2, 175),
  run('rim', 2, 350, { peakBytes: 600 * 2 ** 20 }),
];

test('rounds are compared with their own round, whatever the order of the runs', () => {
  const { contestants: results, ratios } = compare(contestants, runs, where, window);
  assert.deepEqual(results[0]?.stepsPerSecond, { best: 350, median: 325, rounds: [300, 350] });
  assert.equal(results[0]?.peakBytes, 600 * 2 ** 20);
  assert.equal(results[2]?.peakBytes, undefined);
  assert.deepEqual(ratios, [
    { of: 'rim', against: 'cleanrl-lstm', best: 1.4, median: 1.45, rounds: [1.5, 1.4] },
    { of: 'rim', against: 'lstm', best: 2, median: 2, rounds: [2, 2] },
    { of: 'lstm', against: 'cleanrl-lstm', best: 0.7, median: 0.725, rounds: [0.75, 0.7] },
  ]);
});

test('what is printed as JSON can be read again', () => {
  const comparison = compare(contestants, runs, where, window);
  const read = comparisonSchema.parse(JSON.parse(JSON.stringify(comparison)));
  assert.equal(tableOf(read), tableOf(comparison));
});

test('the table tells rate, ratio, memory, machine and the rule', () => {
  const table = tableOf(compare(contestants, runs, where, window));
  assert.match(table, /^ours +rim +350\.0 +325\.0 +300\.0 {2}350\.0 +4\.0 s +600 MiB +0\.02 cores$/m);
  assert.match(table, /^theirs +cleanrl-lstm +250\.0 +225\.0 +200\.0 {2}250\.0 +4\.0 s +- +0\.02 cores$/m);
  assert.match(table, /^rim \/ cleanrl-lstm +1\.40 +1\.45 +1\.50 {2}1\.40$/m);
  assert.match(table, /updates after the first 1, until 2 are made or 9 s have passed, but 2 at least/);
  assert.match(table, /^Some CPU, 2 cores; node 20\.0\.0; 2026-01-31$/m);
});

test('figures of a busy machine are said to be worthless', () => {
  const idle = tableOf(compare(contestants, runs, where, window));
  assert.doesNotMatch(idle, /do not hold/);
  const disturbed = runs.map((one) => (one.round === 2 ? { ...one, othersCores: 0.7 } : one));
  const busy = tableOf(compare(contestants, disturbed, where, window));
  assert.match(busy, /0\.70 cores$/m);
  assert.match(busy, /do not hold/);
});

test('contestants are chosen by name, each once', () => {
  assert.deepEqual(
    chosenContestants('sb3-ppo,rim,sb3-ppo').map(({ id }) => id),
    ['sb3-ppo', 'rim'],
  );
  assert.throws(
    () => chosenContestants('rim,clean'),
    (error) => error instanceof UserError && /"clean": must be among rim, .*recurrent-ppo-512/.test(error.message),
  );
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
