// Every trace of native ale-py in test/oracle/ale.json, which says itself how its actions are drawn and what is hashed.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { loadAle, type Ale, type AleModule } from 'ale-wasm';

interface RawTrace {
  game: string;
  repeatActionProbability: number;
  seed: number;
  minimalActions: number[];
  screen: [number, number];
  every: number;
  /** Hash of the screen, hash of the RAM, summed reward, lives, resets so far. */
  marks: [number, number, number, number, number][];
}

interface PreprocessedTrace {
  game: string;
  seed: number;
  observationHashes: number[];
  rewards: number[];
  terminated: number[];
}

const oracle = JSON.parse(readFileSync(new URL('../../oracle/ale.json', import.meta.url), 'utf8')) as {
  raw: RawTrace[];
  preprocessed: PreprocessedTrace[];
};

/** FNV-1a, 32 bits. */
function fnv(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** The oracle's random actions. */
function actionSource(seed: number, actions: number[]): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return actions[(state >>> 16) % actions.length] ?? 0;
  };
}

let module: AleModule;
before(async () => (module = await loadAle()));

async function emulator(trace: { game: string; seed: number; repeatActionProbability?: number }): Promise<Ale> {
  const ale = await module.create();
  ale.setSeed(trace.seed);
  ale.setRepeatActionProbability(trace.repeatActionProbability ?? 0);
  await ale.loadRom(trace.game);
  // The traces begin with a reset: M6532 draws its timer's start from a generator, so a second episode may differ.
  ale.resetGame();
  return ale;
}

describe('frames, RAM, rewards, lives and ends equal native ALE', () => {
  for (const trace of oracle.raw) {
    test(`${trace.game}, sticky actions ${trace.repeatActionProbability}`, async () => {
      const ale = await emulator(trace);
      assert.deepEqual(ale.minimalActions(), trace.minimalActions);
      assert.deepEqual([ale.screenHeight, ale.screenWidth], trace.screen);
      const nextAction = actionSource(trace.seed, trace.minimalActions);
      let reward = 0;
      let resets = 0;
      for (const [i, mark] of trace.marks.entries()) {
        for (let frame = 0; frame < trace.every; frame++) {
          reward += ale.act(nextAction());
          if (!ale.gameOver) continue;
          ale.resetGame();
          resets++;
        }
        assert.deepEqual([fnv(ale.screen), fnv(ale.ram), reward, ale.lives, resets], mark, `mark ${i}`);
      }
    });
  }
});

describe('agent steps give the observations of native AtariVectorEnv', () => {
  for (const trace of oracle.preprocessed) {
    test(trace.game, async () => {
      const ale = await emulator(trace);
      const nextAction = actionSource(trace.seed, ale.minimalActions());
      const stack = new Uint8Array(4 * 84 * 84);
      const hashWithNewest = () => {
        stack.copyWithin(0, 84 * 84);
        stack.set(ale.observation, 3 * 84 * 84);
        return fnv(stack);
      };
      ale.observeScreen();
      const hashes = [hashWithNewest()];
      const rewards = trace.rewards.map(() => {
        const reward = ale.agentStep(nextAction(), 4);
        hashes.push(hashWithNewest());
        return reward;
      });
      assert.deepEqual(hashes, trace.observationHashes);
      assert.deepEqual(rewards, trace.rewards);
      assert.equal(ale.gameOver, trace.terminated.some(Boolean));
    });
  }
});
