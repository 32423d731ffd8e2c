import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gameNames, resolveGame } from '../../../envs/atari/index.ts';
import { editDistance, nearestNames } from '../../../envs/nearest-names.ts';

test('a game has its usual names', () => {
  const breakout = { rom: 'breakout', name: 'Breakout' };
  for (const name of [
    'Breakout',
    'breakout',
    'ALE/Breakout-v5',
    'Breakout-v4',
    'BreakoutNoFrameskip-v4',
    'BREAKOUT ',
  ]) {
    assert.deepEqual(resolveGame(name), breakout, name);
  }
  for (const name of ['space_invaders', 'SpaceInvaders', 'Space Invaders', 'space-invaders', 'ALE/SpaceInvaders-v5']) {
    assert.deepEqual(resolveGame(name), { rom: 'space_invaders', name: 'SpaceInvaders' }, name);
  }
  assert.equal(resolveGame('Q*bert').rom, 'qbert');
  assert.equal(resolveGame('Ms. Pac-Man').rom, 'ms_pacman');
  assert.equal(resolveGame('SpaceInvadersDeterministic-v0').rom, 'space_invaders');
});

test("names are those of Gymnasium's registry", () => {
  const names = gameNames();
  assert.equal(new Set(names).size, names.length);
  assert.deepEqual(names, [...names].sort());
  for (const name of ['UpNDown', 'Et', 'TicTacToe3D', 'Qbert', 'Pitfall2', 'MsPacman', 'JourneyEscape', 'Jamesbond']) {
    assert.ok(names.includes(name), name);
  }
  for (const name of names) assert.equal(resolveGame(name).name, name);
});

test('a mistyped game is refused in one line that offers the nearest', () => {
  const refusal = (typed: string): string => {
    try {
      resolveGame(typed);
    } catch (error) {
      assert.equal((error as Error).name, 'UserError');
      assert.doesNotMatch((error as Error).message, /\n/);
      return (error as Error).message;
    }
    return assert.fail(`${typed} was taken`);
  };
  assert.equal(refusal('Brekout'), 'unknown game "Brekout"; did you mean "Breakout"?');
  assert.match(refusal('ALE/Pogn-v5'), /did you mean "Pong"/);
  assert.match(refusal('space'), /"SpaceInvaders" or "SpaceWar"/);
  assert.match(refusal("Montezuma's Revenge"), /"MontezumaRevenge"/);
  assert.match(refusal('xyzxyzxyzxyz'), /there are Adventure, .*Zaxxon/);
  assert.match(refusal(''), /^unknown game ""; there are /);
});

test('the edit distance is the usual one', () => {
  for (const [a, b, distance] of [
    ['kitten', 'sitting', 3],
    ['', 'abc', 3],
    ['same', 'same', 0],
    ['pogn', 'pong', 1],
    ['ca', 'abc', 3],
  ] as const) {
    assert.equal(editDistance(a, b), distance, `${a} ${b}`);
    assert.equal(editDistance(b, a), distance, `${b} ${a}`);
  }
  assert.deepEqual(nearestNames('pon', ['Tennis', 'Pong', 'Pooyan']), ['Pong']);
});
