import assert from 'node:assert/strict';
import { test } from 'node:test';
import { environmentOf } from '../../../src/environments/of-agent.ts';

test('environmentOf opens what the agent learned in, and refuses what is made otherwise here', async () => {
  const environment = (game: string, settings: object) => ({
    environment: { game, settings: settings as Record<string, never>, recipe: '', actionMeanings: [] },
  });
  const pole = await environmentOf(environment('CartPole-v1', { maxEpisodeSteps: 500, id: 'CartPole-v1' }));
  assert.deepEqual(pole.observationSpace.shape, [4]);
  const pong = await environmentOf(environment('Pong', { stackNum: 2, screenSize: 84, repeatActionProbability: 0.25 }));
  assert.deepEqual(pong.observationSpace.shape, [84, 84, 2]);
  pong.close();
  await assert.rejects(
    environmentOf(environment('CartPole-v1', { maxEpisodeSteps: 500, id: 'CartPole-v1' }), { renderMode: 'rgb_array' }),
    { name: 'UserError', message: /^renderMode does nothing in CartPole-v1/ },
  );
  const refused: [string, object, RegExp][] = [
    [
      'CartPole-v1',
      { id: 'CartPole-v1', maxEpisodeSteps: 400 },
      /learned CartPole-v1 with .*400.*, which here has .*500/,
    ],
    ['Pnog', {}, /unknown game "Pnog"/],
    ['Pong', { frameSkip: 'x' }, /frameSkip "x" is out of range/],
    ['Pong', { frameJump: 4 }, /unknown option frameJump/],
  ];
  for (const [game, settings, message] of refused)
    await assert.rejects(environmentOf(environment(game, settings)), { name: 'UserError', message });
});
