// An agent step against the same thing done frame by frame: the mean over areas by its definition, in float64, so up to
// one unit of rounding. Bit for bit it is compared with native ALE in oracle.test.ts.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { loadAle, type Ale, type AleModule } from 'ale-wasm';

const side = 84;

let module: AleModule;
before(async () => (module = await loadAle()));

async function emulator(game: string, maxFrames = 0): Promise<Ale> {
  const ale = await module.create();
  ale.setRepeatActionProbability(0);
  ale.setMaxFramesPerEpisode(maxFrames);
  await ale.loadRom(game);
  return ale;
}

/** How much of source cell `j` lies in target cell `i`, where `size` source cells are `side` target cells long. */
function overlap(i: number, j: number, size: number): number {
  const scale = size / side;
  return Math.max(0, Math.min((i + 1) * scale, j + 1) - Math.max(i * scale, j));
}

/** Mean over the area of each of 84x84 cells of a picture of (height, width). */
function areaMeans(picture: Uint8Array, height: number, width: number): Float64Array {
  const rows = new Float64Array(side * width);
  const means = new Float64Array(side * side);
  for (let i = 0; i < side; i++) {
    for (let j = Math.floor((i * height) / side); j < Math.min(height, ((i + 1) * height) / side); j++) {
      const share = overlap(i, j, height) / (height / side);
      for (let x = 0; x < width; x++) rows[i * width + x]! += share * picture[j * width + x]!;
    }
    for (let k = 0; k < side; k++) {
      for (let x = Math.floor((k * width) / side); x < Math.min(width, ((k + 1) * width) / side); x++) {
        means[i * side + k]! += (overlap(k, x, width) / (width / side)) * rows[i * width + x]!;
      }
    }
  }
  return means;
}

/** The brighter of two pictures at each place. */
const brighter = (a: Uint8Array, b: Uint8Array) => a.map((value, i) => Math.max(value, b[i]!));

function assertObserved(ale: Ale, picture: Uint8Array): void {
  const means = areaMeans(picture, ale.screenHeight, ale.screenWidth);
  const worst = Math.max(...ale.observation.map((value, i) => Math.ceil(Math.abs(value - means[i]!) - 0.501)));
  assert.ok(worst <= 0, `off by ${worst}`);
}

describe('an agent step is its frames', () => {
  for (const game of ['breakout', 'carnival', 'pooyan', 'journey_escape', 'adventure']) {
    test(game, async () => {
      const fast = await emulator(game);
      const slow = await emulator(game);
      const actions = fast.minimalActions();
      for (let step = 0; step < 20; step++) {
        const action = actions[step % actions.length] ?? 0;
        const reward = fast.agentStep(action, 4);
        const frames: Uint8Array[] = [];
        let sum = 0;
        for (let frame = 0; frame < 4; frame++) {
          sum += slow.act(action);
          frames.push(slow.screenGray().slice());
        }
        assert.equal(reward, sum);
        assert.deepEqual(fast.ram, slow.ram);
        assertObserved(fast, brighter(frames[2]!, frames[3]!));
      }
    });
  }
});

describe('a game that ends within the step', () => {
  for (const frames of [1, 2, 3, 4]) {
    test(`after ${frames} of 4 frames shows the last frames that were played`, async () => {
      const fast = await emulator('space_invaders', 200 + frames);
      const slow = await emulator('space_invaders', 200 + frames);
      for (let step = 0; step < 50; step++) fast.agentStep(1, 4);
      for (let frame = 0; frame < 200; frame++) slow.act(1);
      const seen: Uint8Array[] = [];
      for (let frame = 0; frame < frames; frame++) {
        slow.act(1);
        seen.push(slow.screenGray().slice());
      }
      fast.agentStep(1, 4);
      assert.deepEqual([fast.gameTruncated, fast.agentStepFrames], [true, frames]);
      assertObserved(fast, brighter(seen.at(-1)!, seen.at(-2) ?? seen.at(-1)!));
      // Once over, it stands still.
      assert.equal(fast.agentStep(1, 4), 0);
      assert.equal(fast.agentStepFrames, 0);
    });
  }
});

test('a skip of one frame shows that frame alone', async () => {
  const ale = await emulator('space_invaders');
  for (let step = 0; step < 100; step++) {
    ale.agentStep(1, 1);
    const alone = ale.observation.slice();
    ale.observeScreen();
    assert.deepEqual(ale.observation, alone);
  }
  assertObserved(ale, ale.screenGray());
});
