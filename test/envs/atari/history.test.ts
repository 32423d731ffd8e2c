import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { History } from '../../../envs/atari/history.ts';
import { resetMark } from '../../../envs/atari/pool-environment.ts';

const snapshot = Uint8Array.of(1);

describe('what brings an environment back', () => {
  test('is the seed and all that was played, until a snapshot comes', () => {
    const history = new History(7);
    history.reset();
    history.step(2);
    assert.deepEqual(history.beginning(3, false), { env: 3, from: 7, played: [resetMark, 2] });
    assert.deepEqual(history.beginning(3, true), { env: 3, from: 7, played: [resetMark] });
    const { at } = history;
    history.step(4);
    history.snapshot(snapshot, at);
    assert.deepEqual(history.beginning(3, false), { env: 3, from: snapshot, played: [4] });
    assert.equal(history.length, 1);
  });

  test('is a new seed, whatever snapshot was asked for before it', () => {
    const history = new History(7);
    history.reset();
    const early = history.at;
    history.step(2);
    const last = history.at; // by the very last step before the seed
    history.restart(9);
    for (const at of [early, last]) history.snapshot(snapshot, at);
    assert.deepEqual(history.beginning(0, false), { env: 0, from: 9, played: [resetMark] });
    history.step(1);
    history.snapshot(snapshot, history.at - 1);
    assert.deepEqual(history.beginning(0, false), { env: 0, from: snapshot, played: [1] });
  });

  test('is the newest snapshot where one comes late', () => {
    const history = new History(7);
    for (const action of [1, 2, 3]) history.step(action);
    history.snapshot(snapshot, 2);
    history.snapshot(Uint8Array.of(9), 1);
    assert.deepEqual(history.beginning(0, false), { env: 0, from: snapshot, played: [3] });
  });
});
