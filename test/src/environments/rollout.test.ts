import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gameName, refuseUnused } from '../../../src/environments/rollout.ts';

test('games are known by any usual name', () => {
  for (const name of ['CueRecall', 'cue_recall', 'cue-recall']) assert.equal(gameName(name), 'CueRecall');
  for (const name of ['Breakout', 'ALE/Breakout-v5', 'breakout']) assert.equal(gameName(name), 'Breakout');
  assert.equal(gameName('space_invaders'), 'SpaceInvaders');
  assert.equal(gameName('cartpole'), 'CartPole-v1');
  assert.throws(() => gameName('CartPole-v2'), {
    message: 'unknown version "CartPole-v2"; there is "CartPole-v0" and "CartPole-v1"',
  });
  for (const name of ['CartPole', 'cartpole', 'CartPole-v1', 'cart_pole_v1'])
    assert.equal(gameName(name), 'CartPole-v1');
  assert.equal(gameName('CartPole-v0'), 'CartPole-v0');
  for (const name of ['popgym-RepeatPreviousEasy-v0', 'RepeatPreviousEasy', 'repeat previous easy']) {
    assert.equal(gameName(name), 'RepeatPreviousEasy');
  }
  assert.equal(gameName('popgym-VelocityOnlyCartpoleHard-v0'), 'VelocityOnlyCartPoleHard'); // as POPGym spells it
  assert.throws(() => gameName('Brekout'), /unknown game "Brekout".*Breakout/);
  assert.throws(() => gameName('RepeatPrevious'), /did you mean "RepeatPreviousEasy", .*"RepeatPreviousHard"\?/);
  assert.throws(() => gameName('Cartpool-v1'), /did you mean "CartPole"\?/);
  assert.throws(() => gameName('Zzzzzzzzz'), /npm run games lists them all/);
});

test('a setting of Atari is refused where there is no game of Atari', () => {
  const refused = (given: object, game: string, message: RegExp): void =>
    assert.throws(() => refuseUnused({ ...given }, game), { name: 'UserError', message });
  refused(
    { sticky: 0.1 },
    'cartpole',
    /^--sticky does nothing in CartPole-v1, which is no game of Atari; leave it out$/,
  );
  refused({ preset: 'v5' }, 'GridPickup', /^--preset does nothing in GridPickup/);
  refuseUnused({ game: 'cartpole', envs: 4, core: 'gru' }, 'cartpole');
  refuseUnused({ sticky: 0.1, preset: 'v5' }, 'pong');
});
