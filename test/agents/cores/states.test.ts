import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinStates, splitStates } from '../../../agents/cores/states.ts';

test('h | c of each sequence, cut into h and c of all, and joined again', () => {
  const joined = Float32Array.of(1, 2, 10, 20, 3, 4, 30, 40, 5, 6, 50, 60); // 3 sequences, h and c of width 2
  const [h, c] = splitStates(joined, 3, 2) as [Float32Array, Float32Array];
  assert.deepEqual([...h], [1, 2, 3, 4, 5, 6]);
  assert.deepEqual([...c], [10, 20, 30, 40, 50, 60]);
  assert.deepEqual(joinStates([h, c], 3), joined);
});

test('a core with one state, and one with none', () => {
  const h = Float32Array.of(1, 2, 3, 4);
  assert.deepEqual(splitStates(h, 2, 1), [h]);
  assert.deepEqual(joinStates([h], 2), h);
  assert.deepEqual(splitStates(new Float32Array(), 2, 0), []);
  assert.deepEqual(joinStates([], 2), new Float32Array());
});
