import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gameNames } from '../../../envs/atari/index.ts';
import { humanNormalised, referenceScores } from '../../../src/statistics/human-scores.ts';

test('scores of humans and of random play: of 57 games that there are, a human better than chance', () => {
  const known = gameNames().flatMap((name) => referenceScores(name) ?? []);
  assert.equal(known.length, 57);
  for (const { random, human } of known) assert.ok(human > random);
  assert.equal(humanNormalised('Pong', 14.6), 1);
  assert.equal(humanNormalised('Pong', -20.7), 0);
  for (const other of ['CartPole-v1', 'constructor']) assert.equal(humanNormalised(other, 500), undefined);
});
