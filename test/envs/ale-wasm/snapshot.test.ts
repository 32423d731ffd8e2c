// A snapshot goes on exactly as the emulator that it was taken from, in every game, with sticky actions; what is no
// snapshot of the loaded game is refused and changes nothing.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { games, loadAle, type Ale, type AleModule } from 'ale-wasm';
import { draws } from '../../draws.ts';
import { crc32 } from './crc32.ts';

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
  const below = draws(seed);
  return Array.from({ length: frames }, () => {
    const reward = ale.act(below(18), below(256) / 255);
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

describe('what is observed', () => {
  test('is what was observed at the save, be it of two frames, of one, or of frames before', async () => {
    for (const format of [{}, { maxPool: false }, { size: [160, 210] as const, grayscale: false }]) {
      const first = await module.create();
      first.setObservation(format);
      await first.loadRom('seaquest');
      const other = await emulator('seaquest', 3);
      const moments = [
        () => 0,
        () => first.agentStep(1, 4),
        () => first.act(1),
        () => first.observeScreen(),
        () => first.agentStep(1, 1),
      ];
      for (const moment of moments) {
        for (let frame = 0; frame < 30; frame++) first.act(frame % 18);
        moment();
        const [observation, frames] = [first.observation.slice(), first.agentStepFrames];
        const snapshot = first.saveState();
        for (const ale of [first, other]) {
          ale.agentStep(2, 3);
          ale.restoreState(snapshot);
          assert.deepEqual([ale.observation, ale.agentStepFrames], [observation, frames]);
          assert.deepEqual(ale.saveState(), snapshot);
        }
        assert.equal(other.agentStep(3, 4), first.agentStep(3, 4));
        assert.deepEqual([other.observation, other.agentStepFrames], [first.observation, 4]);
      }
    }
  });

  test('a format that counts from the next loadRom on comes along', async () => {
    const [first, other] = [await emulator('pong', 1), await emulator('pong', 2)];
    first.setObservation({ size: [20, 30] });
    other.restoreState(first.saveState());
    assert.equal(other.observation.length, 84 * 84);
    await other.loadRom('pong');
    assert.equal(other.observation.length, 20 * 30);
  });
});

describe('with settings of its own', () => {
  test('sound, colour averaging, caps and what follows the next loadRom come along', async () => {
    const first = await module.create();
    first.setSeed(11);
    first.setSound(true);
    first.setColorAveraging(true);
    first.setFrameSkip(2);
    first.setMaxFramesPerEpisode(300);
    first.setRewardRange(-1, 1);
    await first.loadRom('space_invaders');
    play(first, 80, 1);
    const other = await emulator('space_invaders', 3);
    other.restoreState(first.saveState());
    assert.deepEqual(other.audio, first.audio);
    for (let frame = 0; frame < 120; frame++) {
      assert.equal(other.act(frame % 6), first.act(frame % 6));
      assert.deepEqual(other.audio, first.audio);
      assert.deepEqual(other.screen, first.screen);
      assert.equal(other.gameTruncated, first.gameTruncated);
    }
    await first.loadRom('pong');
    await other.loadRom('pong');
    assert.deepEqual(play(other, 50, 2), play(first, 50, 2));
    assert.deepEqual(other.saveState(), first.saveState());
  });

  test('without its generator, each restore leads elsewhere', async () => {
    const ale = await emulator('seaquest', 1);
    play(ale, 50, 1);
    const snapshot = ale.saveState();
    const exact = play(ale, 60, 2);
    ale.restoreState(snapshot);
    assert.deepEqual(play(ale, 60, 2), exact);
    ale.restoreState(snapshot, { keepRandom: true });
    assert.notDeepEqual(play(ale, 60, 2), exact);
  });
});

describe('what is no snapshot of the loaded game', () => {
  /** The checksum made right again, so that only the fields can tell. */
  const mended = (snapshot: Uint8Array) => {
    const header = new DataView(snapshot.buffer);
    header.setUint32(40, crc32(snapshot.subarray(44), crc32(snapshot.subarray(0, 40))), true);
    return snapshot;
  };
  const changed = (snapshot: Uint8Array, change: (bytes: Uint8Array) => void) => {
    const bytes = snapshot.slice();
    change(bytes);
    return bytes;
  };
  const wrong: [string, (good: Uint8Array) => Uint8Array, RegExp][] = [
    ['nothing', () => new Uint8Array(), /^0 bytes that are no snapshot; saveState makes them$/],
    ['anything', () => new Uint8Array(5000), /^5000 bytes that are no snapshot/],
    [
      'another format',
      (good) => changed(good, (bytes) => (bytes[4] = 9)),
      /^a snapshot of format 9; .* takes format 2$/,
    ],
    ['cut off', (good) => good.subarray(0, 3000), /^a snapshot of 3000 bytes that should have \d+; take another$/],
    [
      'one bit',
      (good) => changed(good, (bytes) => (bytes[2000]! ^= 1)),
      /^a damaged snapshot \(checksum .*; take another$/,
    ],
    ['another ALE', (good) => mended(changed(good, (bytes) => (bytes[24] = 0x31))), /^a snapshot of ALE "1.*0\.12\.1$/],
    [
      'an observation larger than the screen',
      (good) => mended(changed(good, (bytes) => (bytes[good.length - 84 * 84 - 14] = 161))),
      /^a damaged snapshot \(the observation is out of range\)/,
    ],
    ['fields', (good) => mended(changed(good, (bytes) => bytes.fill(255, 44, 52))), /random_seed is out of range/],
  ];
  for (const [name, make, message] of wrong) {
    test(name, async () => {
      const ale = await emulator('pong', 1);
      play(ale, 30, 1);
      const good = ale.saveState();
      assert.throws(() => ale.restoreState(make(good)), { name: 'AleError', message });
      assert.deepEqual(ale.saveState(), good);
    });
  }

  test('another game', async () => {
    const ale = await emulator('pong', 1);
    const other = await emulator('breakout', 1);
    const message = /^a snapshot of pong, while breakout is loaded; load its cartridge first$/;
    assert.throws(() => other.restoreState(ale.saveState()), { name: 'AleError', message });
    other.act(0);
  });
});
