import assert from 'node:assert/strict';
import { test } from 'node:test';
import { protocolNames, protocolOf } from '../../../src/evaluate/protocol.ts';

test('a protocol decides how games are played, and what is given goes over it', () => {
  const learned = {
    ...{ repeatActionProbability: 0.1, noopMax: 7, fireReset: true, terminalOnLifeLoss: true },
    maxNumFramesPerEpisode: 99,
  };
  assert.deepEqual(protocolOf('trained', learned, {}), learned);
  assert.deepEqual(protocolOf('trained', learned, { noopMax: 0 }), { ...learned, noopMax: 0 });
  const machado = protocolOf('machado', learned, {});
  assert.deepEqual(machado, {
    ...{ repeatActionProbability: 0.25, noopMax: 0, fireReset: false, terminalOnLifeLoss: false },
    maxNumFramesPerEpisode: 18_000,
  });
  for (const name of protocolNames) assert.equal(Object.keys(protocolOf(name, learned, {})).length, 5);
});
