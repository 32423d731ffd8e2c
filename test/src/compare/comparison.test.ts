import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { compared } from '../../../src/compare/comparison.ts';
import { inCommonGames } from '../../../src/compare/common-games.ts';
import { type ComparedArm, comparedArms, trainingScore } from '../../../src/compare/run-set.ts';
import { temporaryFolder } from '../runs/samples.ts';
import { madeUpRun } from '../runs/made-up-ppo-runs.ts';

/** An arm per core: `scores[game][seed]`, each of one game played. */
function arms(
  context: TestContext,
  cores: Readonly<Record<string, Readonly<Record<string, number[]>>>>,
  settings: Readonly<Record<string, unknown>> = {},
): ComparedArm[] {
  const folder = temporaryFolder(context);
  const paths = Object.entries(cores).flatMap(([core, games]) =>
    Object.entries(games).flatMap(([game, scores]) =>
      scores.map((score, seed) =>
        madeUpRun(join(folder, `${game}-${core}-${seed}`), {
          options: { game, core, seed, ...settings },
          scores: [score],
        }),
      ),
    ),
  );
  return comparedArms(paths);
}

test('several games are put together as human-normalised scores', (context) => {
  // Published: random play 1.7 and a human 30.5 in Breakout, -20.7 and 14.6 in Pong.
  const [half, whole, twice] = [16.1, 30.5, 59.3];
  const both = arms(context, {
    rim: { Breakout: [whole, twice], Pong: [14.6, 14.6] },
    lstm: { Breakout: [1.7, half], Pong: [-20.7, 14.6] },
  });
  const { scale, arms: reported, improvement, verdict, curves } = compared(both, trainingScore, new Map());
  assert.equal(scale, 'human');
  const near = (value: number | undefined, wanted: number): void =>
    assert.ok(Math.abs((value ?? NaN) - wanted) < 1e-12);
  const [rim, lstm] = reported.map(({ aggregates }) => aggregates);
  near(rim?.iqm.estimate, 1); // of 1, 1, 1, 2
  near(rim?.mean.estimate, 1.25);
  near(rim?.median.estimate, 1.25);
  near(rim?.optimalityGap?.estimate, 0);
  near(lstm?.iqm.estimate, 0.25); // of 0, 0, 0.5, 1
  near(lstm?.optimalityGap?.estimate, 0.625);
  // In Breakout always; in Pong in one pair of two ahead, in the other level.
  near(improvement.find(({ arm }) => arm === 'rim')?.probability.estimate, (1 + 0.75) / 2);
  assert.deepEqual([verdict.leader, verdict.second, verdict.sure], ['rim', 'lstm', false]);
  assert.deepEqual([...new Set(curves.map(({ game }) => game))], [null, 'Breakout', 'Pong']);
});

test('of another mode or difficulty no human has a score', (context) => {
  const games = { rim: { Breakout: [1, 2], Pong: [3, 4] }, lstm: { Breakout: [5, 6], Pong: [7, 8] } };
  for (const settings of [{ mode: 4 }, { difficulty: 1 }])
    assert.equal(compared(arms(context, games, settings), trainingScore, new Map()).scale, 'none');
  const one = arms(context, { rim: { Breakout: [1, 2] }, lstm: { Breakout: [5, 6] } }, { mode: 4 });
  for (const { aggregates } of compared(one, trainingScore, new Map()).arms)
    assert.equal(aggregates?.optimalityGap, null);
});

test('probabilities of improvement mirror each other; another arm changes no interval', (context) => {
  const three = arms(context, {
    rim: { Breakout: [1, 5, 9], Pong: [3, 4, 6] },
    lstm: { Breakout: [2, 4, 8], Pong: [1, 6, 7] },
    gru: { Breakout: [3, 3, 3], Pong: [2, 5, 9] },
  });
  const all = compared(three, trainingScore, new Map());
  assert.deepEqual(
    all.improvement.map(({ arm, over }) => `${arm} ${over}`),
    ['rim lstm', 'rim gru', 'lstm rim', 'lstm gru', 'gru rim', 'gru lstm'],
  );
  for (const { arm, over, probability } of all.improvement) {
    const back = all.improvement.find((pair) => pair.arm === over && pair.over === arm)?.probability;
    assert.ok(Math.abs(probability.low + (back?.high ?? NaN) - 1) < 1e-12, `${arm} over ${over}`);
    assert.ok(Math.abs(probability.estimate + (back?.estimate ?? NaN) - 1) < 1e-12);
  }
  const two = compared(three.slice(0, 2), trainingScore, new Map());
  for (const [i, { aggregates, games }] of two.arms.entries())
    assert.deepEqual([aggregates, games], [all.arms[i]?.aggregates, all.arms[i]?.games]);
  assert.deepEqual(two.improvement[0], all.improvement[0]);
  assert.deepEqual(two.curves[0], all.curves[0]);
});

test('games without a human score stand alone; who is ahead is told by the probability of improvement', (context) => {
  const both = arms(context, {
    gru: { Breakout: [1, 2, 3, 4], 'CartPole-v1': [10, 20, 30, 40] },
    ff: { Breakout: [5, 6, 7, 8], 'CartPole-v1': [50, 60, 70, 80] },
  });
  const { scale, arms: reported, verdict } = compared(both, trainingScore, new Map());
  assert.equal(scale, 'none');
  assert.deepEqual(
    reported.map(({ aggregates, profile }) => [aggregates, profile]),
    [
      [null, []],
      [null, []],
    ],
  );
  assert.deepEqual(
    reported.map(({ games }) => games.map(({ iqm }) => iqm.estimate)),
    [
      [2.5, 25],
      [6.5, 65],
    ],
  );
  assert.equal(
    verdict.sentence,
    'ff is ahead of gru: probability of improvement 1.00 [1.00, 1.00]; 4 seeds: enough to be sure.',
  );
});

test('a game that not every arm has is left out, and said to be', (context) => {
  const all = arms(context, { gru: { Breakout: [1], Pong: [1] }, ff: { Breakout: [2] } });
  const { arms: whole, notes } = inCommonGames(all);
  assert.deepEqual(
    whole.map(({ runs }) => runs.map(({ game }) => game)),
    [['Breakout'], ['Breakout']],
  );
  assert.deepEqual(notes, ['Pong is left out: ff has no run of it.']);
  assert.throws(() => inCommonGames(all.slice(0, 1)), {
    name: 'UserError',
    message: /two arms at least, and there is gru/,
  });
  const apart = arms(context, { gru: { Pong: [1] }, ff: { Breakout: [2] } });
  assert.throws(() => inCommonGames(apart), {
    name: 'UserError',
    message: /no game has a run of every arm \(gru; ff\)/,
  });
});
