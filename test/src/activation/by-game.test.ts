import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../../agents/random.ts';
import { ActivationRecorder } from '../../../src/activation/by-game.ts';
import { k, mean, n, near, randomStep, slowStatistics, type Step, swapped, width } from './slow-statistics.ts';

const envs = 5;
const core = { outputSize: width, modules: { count: n, active: k } };

test('statistics of every game, and of all environments, equal a plain computation of their definitions', () => {
  const random = new Random(3);
  const recorder = new ActivationRecorder(core, envs);
  const games: Step[][] = Array.from({ length: envs }, () => []);
  /** Since the last take: all steps, and the swaps in those that had a step of the same game before them. */
  let [taken, swaps]: [Step[], number[]] = [[], []];
  const add = (first: number, rows: Step[]): void => {
    rows.forEach((step, row) => {
      const game = games[first + row] as Step[];
      const before = game.at(-1);
      if (before) swaps.push(swapped(before, step));
      taken.push(step);
      game.push(step);
    });
    const flat = (pick: (step: Step) => number[]): Float32Array => Float32Array.from(rows.flatMap(pick));
    recorder.add(first, {
      hidden: flat((step) => step.hidden),
      activation: { active: flat((step) => step.active), nullAttention: flat((step) => step.nullAttention) },
    });
  };
  for (let t = 0; t < 60; t++) {
    // Two groups, as a trainer may play them.
    add(0, [randomStep(random), randomStep(random)]);
    add(2, [randomStep(random), randomStep(random), randomStep(random)]);
    for (let env = 0; env < envs; env++) {
      if (random.uniform() > 0.1) continue;
      near(recorder.finish(env).statistics, slowStatistics([games[env] as Step[]]));
      games[env] = [];
    }
    if (t % 20 === 0 || t === 59) {
      near(recorder.take(), { ...slowStatistics([taken]), swaps: mean(swaps) });
      [taken, swaps] = [[], []];
    }
  }
});

test('shares add up to the number of active modules', () => {
  const random = new Random(4);
  const recorder = new ActivationRecorder(core, 1);
  for (let t = 0; t < 97; t++) {
    const { hidden, active, nullAttention } = randomStep(random);
    recorder.add(0, {
      hidden: Float32Array.from(hidden),
      activation: { active: Float32Array.from(active), nullAttention: Float32Array.from(nullAttention) },
    });
  }
  const found = recorder.finish(0).statistics;
  assert.ok('shares' in found);
  assert.ok(Math.abs(found.shares.reduce((a, b) => a + b, 0) - k) < 1e-12);
});

test('two sets that alternate swap all their modules in every step; one that stays, none', () => {
  const recorder = new ActivationRecorder({ ...core, outputSize: 1 }, 2);
  const [low, high] = [
    [1, 1, 0, 0],
    [0, 0, 1, 1],
  ];
  for (let t = 0; t < 10; t++) {
    const active = Float32Array.from([...((t % 2 ? low : high) as number[]), ...(low as number[])]);
    recorder.add(0, { hidden: new Float32Array(2), activation: { active, nullAttention: new Float32Array(8) } });
  }
  const [alternating, steady] = [recorder.finish(0).statistics, recorder.finish(1).statistics];
  assert.ok('swaps' in alternating && 'swaps' in steady);
  assert.equal(alternating.swaps, 2);
  assert.ok(Math.abs(alternating.entropy - Math.log(4)) < 1e-12);
  assert.deepEqual([steady.swaps, steady.neverChosen], [0, [2, 3]]);
  assert.deepEqual(steady.attention, [1, 1, 1, 1]);
});

test('a core without modules has its share of hidden units near zero, and nothing else', () => {
  const recorder = new ActivationRecorder({ outputSize: 4, modules: undefined }, 2);
  recorder.add(0, { hidden: Float32Array.from([0.009, -0.009, 0.011, 1, 0, 0, 0, 0]) });
  assert.deepEqual(recorder.finish(0).statistics, { nearZero: 0.5 });
  assert.deepEqual(recorder.finish(1).statistics, { nearZero: 1 });
  assert.deepEqual(recorder.take(), { nearZero: 0.75 });
});
