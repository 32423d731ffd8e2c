import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addInfo, type VectorInfo } from 'gym-js';

// What Gymnasium does with infos of one kind is in the recorded traces of sync-vector-env.test.ts.

const batch = (infos: Record<string, unknown>[]): VectorInfo => {
  const all: VectorInfo = {};
  infos.forEach((info, i) => addInfo(all, info, i, infos.length));
  return all;
};

test('each kind of value has its array, with zeros and nulls where nothing was told', () => {
  const word = { word: 'go' };
  assert.deepEqual(batch([{}, { n: 3, yes: true, list: Uint8Array.of(1, 2), ...word }]), {
    n: Float64Array.of(0, 3),
    _n: Uint8Array.of(0, 1),
    yes: Uint8Array.of(0, 1),
    _yes: Uint8Array.of(0, 1),
    list: Uint8Array.of(0, 0, 1, 2),
    _list: Uint8Array.of(0, 1),
    word: [null, 'go'],
    _word: Uint8Array.of(0, 1),
  });
});

test('values that do not fit together become a list', () => {
  const found = batch([
    { x: 1, a: Float32Array.of(1, 2) },
    { x: 'two', a: Float32Array.of(3) },
    { x: null, a: 4 },
  ]);
  assert.deepEqual(found.x, [1, 'two', null]);
  assert.deepEqual(found.a, [Float32Array.of(1, 2), Float32Array.of(3), 4]);
});
