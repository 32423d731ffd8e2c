// A slice of the fuzzing of the interface and of snapshots; fuzz.ts runs as much as is asked for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadAle } from 'ale-wasm';
import { fuzz } from './fuzz.ts';

test('no call and no damaged snapshot gets a trap out of it', async () => {
  const found = await fuzz(await loadAle(), 2500, 7);
  assert.deepEqual(found.failures, []);
  assert.ok(found.refused > 500 && found.mutations > 500 && found.accepted > 50, JSON.stringify(found));
});
