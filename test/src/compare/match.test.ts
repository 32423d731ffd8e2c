import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ActorCritic } from '../../../agents/actor-critic.ts';
import { coreKinds } from '../../../agents/cores/options.ts';
import { portableKernels } from '../../../agents/kernels/portable/index.ts';
import { plannedArms } from '../../../src/compare/arms.ts';
import { networkOf } from '../../../src/compare/game-shapes.ts';
import { matchedArms } from '../../../src/compare/match.ts';

const shape = { observationShape: [84, 84, 4], observationType: 'uint8', actions: 4 } as const;
const games = [['Breakout', shape]] as const;
const cores = ['rim', ...coreKinds.filter((kind) => kind !== 'rim')] as const;

for (const [match, of] of [
  ['parameters', (agent: ActorCritic): number => agent.layout.size],
  ['width', (agent: ActorCritic): number => agent.core.outputSize],
] as const)
  test(`--match ${match}: the networks that are made are equal to a hundredth`, () => {
    const arms = matchedArms(plannedArms(cores, ['Breakout'], {}), match, games);
    const sizes = arms.map((arm) => of(new ActorCritic(networkOf(arm, 'Breakout', shape), portableKernels)));
    const [first = 0] = sizes;
    for (const [i, size] of sizes.entries())
      assert.ok(Math.abs(size - first) <= 0.01 * first, `${arms[i]?.core}: ${size}, ${first}`);
    assert.deepEqual(arms[0]?.given, {}, 'the first stays as it is');
  });

test('--match refuses what cannot be: a size that was given, and one that no core reaches', () => {
  const given = plannedArms(['rim', 'lstm'], ['Breakout'], { hidden: 64 });
  assert.throws(() => matchedArms(given, 'parameters', games), {
    name: 'UserError',
    message: '--hidden is what --match parameters finds for lstm: leave one of them out',
  });
  const narrow = plannedArms(['lstm', 'rim'], ['Breakout'], { hidden: 3 });
  assert.throws(() => matchedArms(narrow, 'width', games), {
    name: 'UserError',
    message: /--match width: no size of rim comes near the 3 of lstm in Breakout \(6 is the nearest\)/,
  });
});
