// All of the interface against native ale-py 0.12.1, in every game, and in a share of their modes and difficulties.
// compare.ts plays all of them, and longer recordings.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { games, loadAle, type AleModule } from 'ale-wasm';
import { compareGame, turnJoystick, type Recording } from './recorded.ts';

const file = new URL('../../oracle/ale-py.json', import.meta.url);
const recording = JSON.parse(readFileSync(file, 'utf8')) as Recording;

let module: AleModule;
before(async () => (module = await loadAle()));

test('all games are recorded', () => assert.deepEqual(Object.keys(recording.games), games()));

describe('games equal native ALE', () => {
  for (const game of Object.keys(recording.games)) {
    test(game, async () => assert.deepEqual((await compareGame(module, recording, game, 0.05)).differing, []));
  }
});

test('continuous actions are those of ale-py, at the edge of the threshold too', () =>
  assert.equal(turnJoystick(recording.continuous.edges), recording.continuous.sum));
