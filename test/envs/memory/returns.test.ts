import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Generator } from 'gym-js';
import { type GridPickup, memoryTasks, type MemoryTask } from '../../../envs/memory/index.ts';
import { made } from '../trace.ts';
import { explorer, fewestSteps } from './grid-policies.ts';
import { bestPolicy, type Policy } from './policies.ts';

interface Returns {
  mean: number;
  /** Standard error of the mean. */
  error: number;
}

/** Plays whole episodes, with the task's limit of time. */
function play(task: MemoryTask, episodes: number, policy: Policy): Returns {
  const env = made<never, number>(task);
  const returns = Array.from({ length: episodes }, (_, episode) => {
    const act = policy();
    let { observation } = env.reset(episode === 0 ? { seed: 5 } : {});
    let sum = 0;
    for (let steps = 1; ; steps++) {
      const step = env.step(act(observation));
      sum += step.reward;
      if (step.terminated || step.truncated || steps === task.maxEpisodeSteps) return sum;
      observation = step.observation;
    }
  });
  const mean = returns.reduce((a, b) => a + b, 0) / episodes;
  const variance = returns.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (episodes - 1);
  return { mean, error: Math.sqrt(variance / episodes) };
}

function atRandom(task: MemoryTask): Policy {
  const random = new Generator(9);
  const { actionSpace } = made<never, number>(task);
  const { n } = actionSpace as unknown as { n: number };
  return () => () => random.integers(0, n);
}

/** Enough to see a wrong figure, few enough for a test. */
function episodesOf({ name }: MemoryTask): number {
  if (/Hard|Medium|Maze50/.test(name)) return 60;
  return name.startsWith('Grid') ? 1500 : 500;
}

for (const task of memoryTasks) {
  test(`${task.name}: random actions return ${task.randomReturn}`, () => {
    const { mean, error } = play(task, episodesOf(task), atRandom(task));
    const allowed = 4 * error + 0.001 * Math.abs(task.randomReturn);
    assert.ok(Math.abs(mean - task.randomReturn) < allowed, `${mean} +- ${error}`);
  });

  const policy = bestPolicy(task);
  if (!policy) continue;
  test(`${task.name}: who remembers gets ${task.bestReturn} in every episode`, () => {
    const { mean, error } = play(task, 20, policy);
    assert.ok(Math.abs(mean - task.bestReturn) < 1e-12, `${mean}`);
    assert.ok(error < 1e-12);
  });
}

/** Expected return of random actions in a T-maze from its start, within so many steps: by its Markov chain. */
function randomReturnOfMaze(n: number, steps: number): number {
  let expected = new Float64Array(n + 1);
  for (let left = 0; left < steps; left++) {
    const at = (i: number): number => expected[i] as number;
    const walk = (i: number): number => (at(i + 1) + (i > 0 ? at(i - 1) : at(0) - 0.1) + 2 * (at(i) - 0.1)) / 4;
    const junction = (4 - 0.1 + (at(n) - 0.1) + at(n - 1)) / 4;
    expected = expected.map((_, i) => (i === n ? junction : walk(i)));
  }
  return expected[0] as number;
}

test('TMaze: the random return is that of its Markov chain, and without a limit of time the formula', () => {
  for (const n of [10, 50]) {
    const task = memoryTasks.find(({ name }) => name === `TMaze${n}`) as MemoryTask;
    const expected = randomReturnOfMaze(n, task.maxEpisodeSteps as number);
    assert.ok(Math.abs(expected - task.randomReturn) < 1e-3, `${expected}`);
  }
  for (const n of [1, 10]) assert.ok(Math.abs(randomReturnOfMaze(n, 20_000) - (1.85 - 0.3 * n - 0.1 * n * n)) < 1e-9);
});

test('CountRecall: the random return is that of a guess among all counts', () => {
  for (const [level, counts] of [
    ['Easy', 27],
    ['Medium', 27],
    ['Hard', 17],
  ] as const) {
    const { randomReturn } = memoryTasks.find(({ name }) => name === `CountRecall${level}`) as MemoryTask;
    assert.ok(Math.abs(randomReturn - (2 / counts - 1)) < 1e-12);
  }
});

test("CartPole: the random return is the mean that the script beside it recorded of POPGym's own", () => {
  const file = new URL('../../oracle/memory-tasks.json', import.meta.url);
  const { randomCartPole } = JSON.parse(readFileSync(file, 'utf8')) as {
    randomCartPole: { mean: number; standardError: number; longest: number };
  };
  assert.ok(randomCartPole.standardError < 0.05 && randomCartPole.longest < 200, 'no episode was cut');
  for (const task of memoryTasks.filter(({ name }) => name.includes('CartPole'))) {
    const { maxEpisodeLength } = task.kwargs as { maxEpisodeLength: number };
    assert.ok(Math.abs(task.randomReturn * maxEpisodeLength - randomCartPole.mean) < 0.005, task.name);
  }
});

for (const task of memoryTasks.filter(({ name }) => name.startsWith('GridPickup'))) {
  test(`${task.name}: knowing the room returns ${task.bestReturn}, remembering what was seen nearly as much`, () => {
    const env = made(task) as unknown as GridPickup;
    const best = Array.from({ length: 1000 }, (_, i) => {
      env.reset(i === 0 ? { seed: 3 } : {});
      return 1 - (0.9 * fewestSteps(env)) / env.maxSteps;
    });
    const mean = best.reduce((a, b) => a + b, 0) / best.length;
    assert.ok(Math.abs(mean - task.bestReturn) < 0.005, `${mean}`);
    const found = play(task, 150, explorer as Policy);
    assert.ok(found.mean > 0.93 * task.bestReturn && found.mean < task.bestReturn, `${found.mean} +- ${found.error}`);
  });
}
