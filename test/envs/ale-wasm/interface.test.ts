import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { AleModule, games, loadAle, type Ale, type SharedAle } from 'ale-wasm';

let module: AleModule;
before(async () => (module = await loadAle()));

async function emulator(
  game: string,
  settings: { seed?: number; sticky?: number; maxFrames?: number } = {},
): Promise<Ale> {
  const ale = await module.create();
  ale.setSeed(settings.seed ?? 1);
  ale.setRepeatActionProbability(settings.sticky ?? 0);
  ale.setMaxFramesPerEpisode(settings.maxFrames ?? 0);
  await ale.loadRom(game);
  return ale;
}

/** RAM after 300 frames of a fixed succession of actions. */
function playedRam(ale: Ale): number[] {
  const actions = ale.minimalActions();
  for (let frame = 0; frame < 300; frame++) ale.act(actions[(frame >> 3) % actions.length] ?? 0);
  return [...ale.ram];
}

test('the list of games is that of the build', () => {
  const manifest = readFileSync(new URL('../../../envs/ale-wasm/dist/ale.json', import.meta.url), 'utf8');
  assert.deepEqual(games(), Object.keys((JSON.parse(manifest) as { games: object }).games).sort());
  assert.equal(games().length, 104);
});

describe('what the screen shows', () => {
  test('screen, RAM and observation are views of one memory, and follow the game', async () => {
    const ale = await emulator('breakout');
    const { screen, ram, observation } = ale;
    assert.equal(screen.length, 210 * 160);
    assert.equal(ram.length, 128);
    assert.equal(observation.length, 84 * 84);
    assert.ok(screen.buffer === ram.buffer && ram.buffer === observation.buffer);
    const before = [...ram];
    ale.agentStep(1, 4);
    assert.notDeepEqual([...ram], before);
    assert.ok(observation === ale.observation);
  });

  test('gray is the luma of the colours', async () => {
    const ale = await emulator('seaquest');
    for (let i = 0; i < 200; i++) ale.act(i % 18);
    const rgb = ale.screenRgb().slice();
    const gray = ale.screenGray();
    const luma = gray.map((_, i) =>
      Math.round(0.2989 * rgb[3 * i]! + 0.587 * rgb[3 * i + 1]! + 0.114 * rgb[3 * i + 2]!),
    );
    assert.deepEqual(gray, luma);
    assert.ok(new Set(gray).size > 5);
  });
});

describe('settings', () => {
  test('the same seed gives the same game, another seed another, with sticky actions', async () => {
    const first = playedRam(await emulator('seaquest', { seed: 5, sticky: 0.25 }));
    assert.deepEqual(playedRam(await emulator('seaquest', { seed: 5, sticky: 0.25 })), first);
    assert.notDeepEqual(playedRam(await emulator('seaquest', { seed: 6, sticky: 0.25 })), first);
  });

  test('loading the ROM again starts over from the seed', async () => {
    const ale = await emulator('seaquest', { seed: 5, sticky: 0.25 });
    const first = playedRam(ale);
    await ale.loadRom('seaquest');
    assert.equal(ale.frameNumber, 0);
    assert.deepEqual(playedRam(ale), first);
  });

  test('a ROM given as bytes plays like the named one', async () => {
    const named = await emulator('pong');
    const given = await emulator('breakout');
    await given.loadRom(await module.rom('pong'));
    assert.equal(given.game, 'pong');
    assert.deepEqual(playedRam(given), playedRam(named));
  });

  test('an episode is truncated at its last frame, and not terminal', async () => {
    const ale = await emulator('breakout', { maxFrames: 100 });
    for (let frame = 1; frame <= 100; frame++) {
      assert.equal(ale.gameOver, false);
      ale.act(0);
      assert.equal(ale.episodeFrameNumber, frame);
    }
    assert.deepEqual([ale.gameOver, ale.gameTruncated, ale.gameTerminal], [true, true, false]);
    ale.resetGame();
    assert.deepEqual([ale.gameOver, ale.gameTruncated, ale.episodeFrameNumber], [false, false, 0]);
  });

  test('a game that is lost is terminal, and not truncated', async () => {
    const ale = await emulator('breakout');
    for (let step = 0; step < 5000 && !ale.gameOver; step++) ale.agentStep(1, 4);
    assert.deepEqual([ale.gameOver, ale.gameTerminal, ale.gameTruncated, ale.lives], [true, true, false, 0]);
  });

  test('modes and difficulties are the game’s own, and are used', async () => {
    const ale = await emulator('breakout');
    assert.deepEqual(ale.availableModes(), [0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44]);
    assert.deepEqual(ale.availableDifficulties(), [0, 1]);
    ale.setDifficulty(1);
    assert.equal(ale.difficulty, 1);
    const usual = ale.screen.slice();
    ale.setMode(4);
    ale.resetGame();
    assert.equal(ale.mode, 4);
    assert.notDeepEqual(ale.screen, usual);
  });

  test('actions have Gymnasium’s names', async () => {
    const ale = await emulator('breakout');
    assert.deepEqual(ale.actionMeanings(), ['NOOP', 'FIRE', 'RIGHT', 'LEFT']);
    assert.deepEqual(ale.legalActions(), [...Array(18).keys()]);
  });
});

test('a module shared with another thread plays the same game', async () => {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(module.share());
  const received = receiveMessageOnPort(port2) as { message: SharedAle };
  port1.close();
  const other = await AleModule.fromShared(received.message).create();
  other.setSeed(1);
  other.setRepeatActionProbability(0);
  await other.loadRom('pong');
  assert.deepEqual(playedRam(other), playedRam(await emulator('pong')));
});
