import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StageClock } from '../../../src/ppo/stage-clock.ts';

test('stages take the time between entering and leaving, add up to the whole, and begin anew once taken', () => {
  let now = 0;
  const clock = new StageClock(() => now);
  for (const [stage, until] of [
    ['act', 1000],
    ['wait', 1500],
    ['act', 4000],
    ['learn', 9000],
  ] as const) {
    now = until;
    clock.enter(stage);
  }
  now = 10_000;
  assert.deepEqual(clock.take(), { store: 1, act: 0.5 + 5, wait: 2.5, learn: 1 });
  now = 12_000;
  assert.deepEqual(clock.take(), { store: 0, act: 0, wait: 0, learn: 2 });
});
