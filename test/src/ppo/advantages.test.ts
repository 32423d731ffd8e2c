import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../../agents/random.ts';
import { type AdvantageInputs, advantages, explainedVariance, normalised } from '../../../src/ppo/advantages.ts';

/** E environments of T random steps, a fifth of which end an episode, half of these by truncation. */
function randomExperience(envs: number, steps: number, random: Random): AdvantageInputs {
  const draw = (size: number): number[] => Array.from({ length: size }, () => random.normal());
  const cells = envs * steps;
  const ends = Array.from({ length: cells }, () => random.integer(10));
  return {
    rewards: draw(cells),
    values: draw(cells),
    finalValues: draw(cells),
    lastValues: draw(envs),
    terminated: ends.map((end) => Number(end === 0)),
    truncated: ends.map((end) => Number(end === 1)),
  };
}

/**
 * Equation 15 of Schulman et al. 2016, as a weighted mean of n-step advantages: (1 - lambda) sum lambda^(n-1) A^(n),
 * the last of which takes all the weight that is left. Nothing of the recursion is in it.
 */
function byDefinition(
  x: AdvantageInputs,
  steps: number,
  gamma: number,
  lambda: number,
  env: number,
  t: number,
): number {
  const at = (array: ArrayLike<number>, s: number): number => array[env * steps + s] as number;
  let [total, weightLeft, rewards, discount] = [0, 1, 0, 1];
  for (let s = t; s < steps; s++) {
    rewards += discount * at(x.rewards, s);
    discount *= gamma;
    const end = at(x.terminated, s) === 1 || at(x.truncated, s) === 1 || s === steps - 1;
    const following = at(x.terminated, s)
      ? 0
      : at(x.truncated, s)
        ? at(x.finalValues, s)
        : s === steps - 1
          ? (x.lastValues[env] as number)
          : at(x.values, s + 1);
    const nStep = rewards + discount * following - at(x.values, t);
    const weight = end ? weightLeft : weightLeft * (1 - lambda);
    total += weight * nStep;
    weightLeft -= weight;
    if (end) break;
  }
  return total;
}

test('generalised advantages are the weighted mean of n-step advantages that defines them', () => {
  const random = new Random(3);
  for (const [envs, steps, gamma, lambda] of [
    [3, 40, 0.99, 0.95],
    [2, 17, 0.9, 0.5],
    [1, 1, 0.99, 0.95],
    [4, 9, 1, 1],
    [4, 9, 0.7, 0],
  ] as const) {
    const experience = randomExperience(envs, steps, random);
    const result = advantages(experience, steps, gamma, lambda);
    for (let env = 0; env < envs; env++) {
      for (let t = 0; t < steps; t++) {
        const cell = env * steps + t;
        const expected = byDefinition(experience, steps, gamma, lambda, env, t);
        assert.ok(Math.abs((result.advantages[cell] as number) - expected) < 1e-5 * (1 + Math.abs(expected)));
        const value = experience.values[cell] as number;
        assert.ok(Math.abs((result.returns[cell] as number) - (expected + value)) < 1e-5 * (1 + Math.abs(expected)));
      }
    }
  }
});

test('a truncated episode is worth what its true last observation is worth, a terminated one nothing more', () => {
  const common = { rewards: [1], values: [0], lastValues: [100], finalValues: [10] };
  const cut = advantages({ ...common, terminated: [0], truncated: [1] }, 1, 0.5, 1);
  const ended = advantages({ ...common, terminated: [1], truncated: [0] }, 1, 0.5, 1);
  const running = advantages({ ...common, terminated: [0], truncated: [0] }, 1, 0.5, 1);
  assert.deepEqual([cut.returns[0], ended.returns[0], running.returns[0]], [6, 1, 51]);
});

test('normalised advantages have mean 0 and deviation 1, in the same order', () => {
  const values = Float32Array.from({ length: 100 }, (_, i) => 3 * i + 7);
  const result = normalised(values);
  assert.ok(Math.abs(result.reduce((a, b) => a + b, 0)) < 1e-4);
  assert.ok(Math.abs(result.reduce((a, b) => a + b * b, 0) / 99 - 1) < 1e-5);
  assert.ok(result.every((value, i) => i === 0 || value > (result[i - 1] as number)));
});

test('explained variance is 1 for a perfect critic, 0 for a constant one, negative for a worse one', () => {
  const returns = Float32Array.from([1, 2, 3, 4]);
  assert.equal(explainedVariance(returns, returns), 1);
  assert.equal(explainedVariance(Float32Array.from([9, 9, 9, 9]), returns), 0);
  assert.ok(explainedVariance(Float32Array.from([4, 3, 2, 1]), returns) < 0);
  assert.equal(explainedVariance(returns, Float32Array.from([5, 5, 5, 5])), 0);
});
