// A slice of the fuzzing of the interface and of snapshots; fuzz.ts runs as much as is asked for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { watchedFuzz } from './fuzz.ts';
import { Progress, watched } from './watchdog.ts';

test('no call and no damaged snapshot gets a trap out of it', async () => {
  const found = await watchedFuzz(2500, 7);
  assert.deepEqual(found.failures, []);
  assert.ok(found.refused > 500 && found.mutations > 500 && found.accepted > 50, JSON.stringify(found));
});

test('a call that does not return is named', async () => {
  const progress = new Progress();
  progress.begin('call 7, act');
  const thread = new Worker('for (;;);', { eval: true });
  await assert.rejects(watched(thread, progress, 0.2), { message: 'call 7, act: it did not return within 0.2 s' });
});

test('so is one that ends the thread', async () => {
  const progress = new Progress();
  progress.begin('call 8, act');
  const thread = new Worker('process.exit(3)', { eval: true });
  await assert.rejects(watched(thread, progress, 10), { message: 'call 8, act: the thread ended with exit code 3' });
});
