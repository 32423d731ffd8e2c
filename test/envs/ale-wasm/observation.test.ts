// Observations of other sizes and colours: screens shrunk by OpenCV, recorded by test/oracle/atari-preprocessing.py.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { loadAle, type Ale, type AleModule } from 'ale-wasm';
import { draws } from '../../draws.ts';

interface Resized {
  game: string;
  /** Width, height, hash of gray, hash of RGB. */
  shrunk: [number, number, string, string][];
}

const file = new URL('../../oracle/atari-preprocessing.json', import.meta.url);
const { resized } = JSON.parse(readFileSync(file, 'utf8')) as { resized: Resized[] };

let module: AleModule;
before(async () => (module = await loadAle()));

/** The game after the script's 60 frames. */
async function played(ale: Ale, game: string): Promise<void> {
  await ale.loadRom(game);
  const actions = ale.minimalActions();
  const below = draws(1);
  for (let frame = 0; frame < 60; frame++) ale.act(actions[below(actions.length)] ?? 0);
}

describe('any smaller size, gray and RGB, is INTER_AREA bit for bit', () => {
  for (const { game, shrunk } of resized) {
    test(game, async () => {
      const ale = await module.create();
      ale.setSeed(1);
      ale.setRepeatActionProbability(0);
      for (const [width, height, gray, rgb] of shrunk) {
        const hashes: string[] = [];
        for (const grayscale of [true, false]) {
          ale.setObservation({ size: [width, height], grayscale });
          await played(ale, game);
          ale.observeScreen();
          assert.equal(ale.observation.length, width * height * (grayscale ? 1 : 3));
          hashes.push(createHash('sha256').update(ale.observation).digest('hex').slice(0, 12));
        }
        assert.deepEqual(hashes, [gray, rgb], `${width}x${height}`);
      }
    });
  }
});

test('without max-pooling an agent step shows its last frame alone', async () => {
  const [pooled, alone] = [await module.create(), await module.create()];
  alone.setObservation({ maxPool: false });
  let different = 0;
  for (const ale of [pooled, alone]) await ale.loadRom('space_invaders');
  for (let step = 0; step < 60; step++) {
    for (const ale of [pooled, alone]) ale.agentStep(1, 4);
    const shown = alone.observation.slice();
    if (!Buffer.from(shown).equals(pooled.observation)) different++;
    alone.observeScreen();
    assert.deepEqual(shown, alone.observation);
  }
  assert.ok(different > 0);
});

test('a size that is none, or larger than the screen, is refused; the game is then seen as usual', async () => {
  const ale = await module.create();
  const refused = (message: RegExp) => ({ name: 'AleError', message });
  assert.throws(
    () => ale.setObservation({ size: [0, 84] }),
    refused(/^observation size 0,84; it is \[width, height\]/),
  );
  assert.throws(() => ale.setObservation({ size: [84.5, 84] }), refused(/^observation size 84.5,84/));
  ale.setObservation({ size: [84, 211] });
  await assert.rejects(
    ale.loadRom('pong'),
    refused(/^observation size 84x211; at most the screen's, in pong 160x210$/),
  );
  assert.equal(ale.observation.length, 84 * 84);
});
