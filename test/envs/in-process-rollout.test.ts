import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Box, Discrete, type ResetResult, type StepResult } from 'gym-js';
import { InProcessRollout, type SmallEnv } from '../../envs/in-process-rollout.ts';
import { CueRecall, cueRecallRollout } from '../../envs/memory/index.ts';
import { environmentSeed } from '../../envs/seeds.ts';

/**
 * Shows how many steps its episode has had, and the episode's seed; ends after 3 steps,
 * or is cut after 2 if action 1 was taken.
 */
class Counting implements SmallEnv {
  readonly observationSpace = new Box({ low: -Infinity, high: Infinity, shape: [2], dtype: 'float32' });
  readonly actionSpace = new Discrete(2);
  private seed = 0;
  private steps = 0;

  reset({ seed }: { seed?: number } = {}): ResetResult<Float32Array> {
    this.seed = seed ?? this.seed;
    this.steps = 0;
    return { observation: this.see(), info: {} };
  }

  step(action: number): StepResult<Float32Array> {
    this.steps += 1;
    const truncated = action === 1 && this.steps === 2;
    return { observation: this.see(), reward: 0.5, terminated: this.steps === 3, truncated, info: {} };
  }

  close(): void {}

  private see(): Float32Array {
    return Float32Array.of(this.steps, Math.fround(this.seed));
  }
}

test('rows, ends and games are those that the episodes had', async () => {
  const env = new InProcessRollout(() => new Counting(), { count: 2, rolloutSteps: 4, seed: 1, recipe: 'counting' });
  await env.reset();
  for (let t = 0; t < 4; t++) {
    env.send(0, t, Int32Array.of(0, 1)); // environment 0 ends after 3 steps, environment 1 is cut after 2
    await env.wait();
  }
  const seeds = [0, 1].map((e) => environmentSeed(1, e));
  const shown = (e: number, episode: number, steps: number): number[] => {
    const seed = seeds[e] ?? 0;
    return [steps, Math.fround(episode === 0 ? seed : environmentSeed(seed, episode))];
  };
  const rows = [
    [shown(0, 0, 0), shown(0, 0, 1), shown(0, 0, 2), shown(0, 1, 0), shown(0, 1, 1)],
    [shown(1, 0, 0), shown(1, 0, 1), shown(1, 1, 0), shown(1, 1, 1), shown(1, 2, 0)],
  ];
  assert.deepEqual([...env.observations], rows.flat(2));
  assert.deepEqual([...env.terminated], [0, 0, 1, 0, 0, 0, 0, 0]);
  assert.deepEqual([...env.truncated], [0, 0, 0, 0, 0, 1, 0, 1]);
  assert.deepEqual(
    [...env.rewards],
    Array.from({ length: 8 }, () => 0.5),
  );
  assert.deepEqual([...env.finalObservations], [...shown(0, 0, 3), ...shown(1, 1, 2)]);
  const facts = env.takeEpisodes().map(({ env, steps, score, truncated, endStep, seed }) => {
    assert.equal(seed, seeds[env]);
    return [env, steps, score, truncated, endStep];
  });
  assert.deepEqual(facts, [
    [1, 2, 1, true, 1],
    [0, 3, 1.5, false, 2],
    [1, 2, 1, true, 3],
  ]);
  assert.deepEqual(env.takeEpisodes(), []);
  env.rollover();
  const row = (e: number, t: number): number[] => [...env.observations.subarray(e * 10 + t * 2, e * 10 + t * 2 + 2)];
  assert.deepEqual([row(0, 0), row(1, 0)], [shown(0, 1, 1), shown(1, 2, 0)]);
  env.send(0, 0, Int32Array.of(0, 0));
  assert.deepEqual([row(0, 1), row(1, 1)], [shown(0, 1, 2), shown(1, 2, 1)]);
  await env.close();
});

test('reset begins the same run anew, every environment with a seed of its own', async () => {
  const env = cueRecallRollout({ envs: 16, rolloutSteps: 1, seed: 4 });
  await env.reset();
  const first = env.observations.slice();
  env.send(0, 0, new Int32Array(16));
  await env.reset();
  const size = first.length / 32;
  const row = (e: number): string => `${first.subarray(2 * e * size, (2 * e + 1) * size)}`;
  assert.equal(`${env.observations.subarray(0, size)}`, row(0));
  assert.equal(new Set(Array.from({ length: 16 }, (_, e) => row(e))).size, 16);
  const alone = new CueRecall();
  assert.equal(`${alone.reset({ seed: environmentSeed(4, 3) }).observation}`, row(3));
});

test('saved environments go on as if nothing had happened', async () => {
  const open = (): InProcessRollout => cueRecallRollout({ envs: 3, rolloutSteps: 5, seed: 4 });
  const [env, other] = [open(), cueRecallRollout({ envs: 3, rolloutSteps: 5, seed: 5 })];
  const play = async (of: InProcessRollout, steps: number): Promise<void> => {
    for (let t = 0; t < steps; t++) {
      of.send(0, t, Int32Array.of(0, 1, t % 2));
      await of.wait();
    }
  };
  await env.reset();
  await other.reset();
  for (let rollout = 0; rollout < 3; rollout++) {
    await play(env, 5);
    env.rollover();
  }
  await other.restore(await env.save());
  for (let rollout = 0; rollout < 4; rollout++) {
    await play(env, 5);
    await play(other, 5);
    assert.deepEqual(other.observations, env.observations);
    assert.deepEqual(other.rewards, env.rewards);
    assert.deepEqual(other.terminated, env.terminated);
    assert.deepEqual(other.takeEpisodes(), env.takeEpisodes());
    env.rollover();
    other.rollover();
  }
  const saved = await env.save();
  saved[saved.length - 3]! ^= 1;
  await assert.rejects(other.restore(saved), { name: 'UserError', message: /are damaged|no saved environments/ });
  const more = cueRecallRollout({ envs: 4, rolloutSteps: 5, seed: 4 });
  await assert.rejects(more.restore(await env.save()), { message: /^3 environments were saved, there are 4/ });
  const harder = cueRecallRollout({ envs: 3, rolloutSteps: 5, seed: 4, delay: 7 });
  await assert.rejects(harder.restore(await env.save()), {
    message: /6 distracting steps", these "cue recall: .* 7 dis/,
  });
});

test('sizes out of range are refused', () => {
  assert.throws(() => cueRecallRollout({ envs: 0, rolloutSteps: 1, seed: 0 }), {
    name: 'UserError',
    message: /^envs 0/,
  });
  assert.throws(() => cueRecallRollout({ envs: 1, rolloutSteps: 0, seed: 0 }), {
    name: 'UserError',
    message: /^rolloutSteps 0/,
  });
});
