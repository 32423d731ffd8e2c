import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Autoencode,
  CountRecall,
  GridPickup,
  PartialCartPole,
  RepeatFirst,
  RepeatPrevious,
  TMaze,
} from '../../../envs/memory/index.ts';

test('a T-maze is a corridor with a sign at its start', () => {
  const env = new TMaze({ corridorLength: 2 });
  const signs = new Set<string>();
  for (let seed = 0; seed < 20; seed++) {
    const sign = env.reset({ seed }).observation.join('');
    signs.add(sign);
    const walk = [3, 0, 1, 2, 1, 1, 3, 1].map((action) => {
      const { observation, reward, terminated } = env.step(action);
      assert.ok(!terminated);
      return `${observation.join('')} ${reward}`;
    });
    const [start, inside, junction] = [sign, '101', '010'];
    assert.deepEqual(walk, [
      `${start} -0.1`,
      `${start} -0.1`,
      `${inside} 0`,
      `${inside} -0.1`,
      `${junction} 0`,
      `${junction} -0.1`,
      `${inside} 0`,
      `${junction} 0`,
    ]);
    const { reward, terminated } = env.step(0);
    assert.deepEqual([reward, terminated], [sign === '011' ? 4 : -0.1, true]);
  }
  assert.deepEqual([...signs].sort(), ['011', '110']);
});

test('a room holds what its options say: colours, kinds, no two objects alike', () => {
  const env = new GridPickup({ distractors: 8, targetColors: ['red'], distractorColors: ['grey', 'blue', 'yellow'] });
  for (let seed = 0; seed < 30; seed++) {
    const { observation } = env.reset({ seed });
    const { room, target } = env.saveState().episode!;
    const objects = room.cells.filter(({ object }) => object > 2).map(({ object, color }) => `${object} ${color}`);
    assert.equal(new Set(objects).size, 9);
    assert.equal(objects.length, 9);
    assert.deepEqual(
      objects.filter((object) => object.endsWith(' 0')),
      [`${target.object} ${target.color}`],
      'red is the wanted one alone',
    );
    assert.deepEqual([...observation.mission], [target.object - 5, 0]);
  }
});

test('options out of range are refused', () => {
  const mistakes: [() => unknown, RegExp][] = [
    [() => new TMaze({ corridorLength: 0 }), /^corridorLength 0 .* 1 to 10000$/],
    [() => new RepeatPrevious({ k: 52 }), /^k 52 .* 1 to 51$/],
    [() => new RepeatFirst({ decks: 65 }), /^decks 65 /],
    [() => new Autoencode({ decks: 0.5 }), /^decks 0.5 /],
    [() => new CountRecall({ decks: NaN }), /^decks NaN /],
    [() => new PartialCartPole({ seen: 'positions', maxEpisodeLength: 0 }), /^maxEpisodeLength 0 /],
    [() => new CountRecall({ feature: 'x' as 'suits' }), /^feature "x" .* "colors" or "suits" or "ranks"$/],
    [() => new PartialCartPole({ seen: 'all' as 'positions' }), /^seen "all" .* "positions" or "velocities"$/],
    [() => new GridPickup({ roomSize: 4 }), /^roomSize 4 /],
    [() => new GridPickup({ distractors: 9 }), /^distractors 9 .* 0 to 8$/],
    [() => new GridPickup({ targetColors: ['pink' as 'red'] }), /no colour "pink"; take blue, green, grey/],
    [() => new GridPickup({ distractorColors: [] }), /distractorColors has no colour/],
  ];
  for (const [make, message] of mistakes) assert.throws(make, { name: 'UserError', message });
});
