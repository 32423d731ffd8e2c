import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { playTrace } from '../../../src/conformance/ale.ts';
import type { AleTrace } from '../../../src/conformance/ale-file.ts';

const trace: AleTrace = {
  ...{ kind: 'preprocessed', game: 'pong', repeatActionProbability: 0.25, seed: 3 },
  ...{ observationHashes: [0], rewards: [], terminated: [] },
};

test('a thread that ends or fails without an answer is told, with the trace that it played', async () => {
  const deaths: [string, RegExp][] = [
    ['process.exit(7)', /^pong, preprocessed, sticky 0\.25, seed 3: its thread ended with exit code 7$/],
    ["throw new Error('no memory')", /^pong, preprocessed, sticky 0\.25, seed 3: no memory$/],
  ];
  for (const [death, message] of deaths) {
    const thread = new Worker(`require('worker_threads').parentPort.once('message', () => { ${death} })`, {
      eval: true,
    });
    await assert.rejects(playTrace(thread, trace), { message });
  }
});
