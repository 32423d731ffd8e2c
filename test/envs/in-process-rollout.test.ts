import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Box, Discrete, type ResetResult, type StepResult } from 'gym-js';
import { InProcessRollout, type InProcessEnv } from '../../envs/in-process-rollout.ts';
import type { ListedEnv } from '../../envs/listed-env.ts';
import { CueRecall, memoryTasks } from '../../envs/memory/index.ts';
import { listedRollout } from '../../envs/network-env.ts';
import { environmentSeed } from '../../envs/seeds.ts';
import { cueRecallRollout } from './memory/cue-recall-rollout.ts';

/**
 * Shows how many steps its episode has had, plus 100 per episode; ends after 3 steps,
 * or is cut after 2 if action 1 was taken.
 */
class Counting implements InProcessEnv {
  readonly observationSpace = new Box({ low: -Infinity, high: Infinity, shape: [1], dtype: 'float32' });
  readonly actionSpace = new Discrete(2);
  private episode = 0;
  private steps = 0;

  reset({ seed }: { seed?: number } = {}): ResetResult<Float32Array> {
    this.episode = seed === undefined ? this.episode + 1 : 0;
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
    return Float32Array.of(this.episode * 100 + this.steps);
  }
}

test('rows, ends and games are those that the episodes had', async () => {
  const env = new InProcessRollout(() => new Counting(), { count: 2, rolloutSteps: 4, seed: 1, recipe: 'counting' });
  await env.reset();
  for (let t = 0; t < 4; t++) {
    env.send(0, t, Int32Array.of(0, 1)); // environment 0 ends after 3 steps, environment 1 is cut after 2
    await env.wait();
  }
  assert.deepEqual([...env.observations], [0, 1, 2, 100, 101, 0, 1, 100, 101, 200]);
  assert.deepEqual([...env.terminated], [0, 0, 1, 0, 0, 0, 0, 0]);
  assert.deepEqual([...env.truncated], [0, 0, 0, 0, 0, 1, 0, 1]);
  assert.deepEqual(
    [...env.rewards],
    Array.from({ length: 8 }, () => 0.5),
  );
  assert.deepEqual([...env.finalObservations], [3, 102]);
  const facts = env.takeEpisodes().map(({ env, steps, score, truncated, endStep, seed }) => {
    assert.equal(seed, environmentSeed(1, env));
    return [env, steps, score, truncated, endStep];
  });
  assert.deepEqual(facts, [
    [1, 2, 1, true, 1],
    [0, 3, 1.5, false, 2],
    [1, 2, 1, true, 3],
  ]);
  assert.deepEqual(env.takeEpisodes(), []);
  env.rollover();
  assert.deepEqual([env.observations[0], env.observations[5]], [101, 200]);
  env.send(0, 0, Int32Array.of(0, 0));
  assert.deepEqual([env.observations[1], env.observations[6]], [102, 201]);
  await env.close();
});

test('reset begins the same run anew, every environment with a seed of its own', async () => {
  const env = cueRecallRollout({ count: 16, rolloutSteps: 1, seed: 4 });
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

test('what is saved goes on elsewhere as if it had not been, in the middle of a rollout too', async () => {
  const listed = memoryTasks.find(({ name }) => name === 'PositionOnlyCartPoleEasy') as ListedEnv;
  const options = { count: 3, rolloutSteps: 20, seed: 2 };
  const env = listedRollout(listed, options);
  /** Actions are those of steps `from` to `to` of the first rollout. */
  const play = (rollout: typeof env, from: number, to: number, shift = 0): void => {
    for (let t = from; t < to; t++) rollout.send(0, t - shift, Int32Array.of(t % 2, 1, 0));
  };
  await env.reset();
  play(env, 0, 20);
  env.rollover();
  play(env, 0, 13);
  const saved = await env.save();
  const other = listedRollout(listed, options);
  await other.restore(saved);
  play(env, 13, 20);
  play(other, 13, 20, 13);
  const size = 2;
  for (let e = 0; e < 3; e++) {
    const [mine, theirs] = [e * 21 + 13, e * 21].map((row) => row * size);
    const seen = [env.observations.slice(mine, mine! + 8 * size), other.observations.slice(theirs, theirs! + 8 * size)];
    assert.deepEqual(seen[1], seen[0]);
  }
  const facts = (rollout: typeof env): unknown[] => rollout.takeEpisodes().map(({ score, steps }) => [score, steps]);
  const games = facts(env);
  assert.ok(games.length > 3);
  assert.deepEqual(facts(other), games);

  await assert.rejects(other.restore(saved.slice(0, -3)), { name: 'UserError' });
  await assert.rejects(listedRollout(listed, { ...options, count: 2 }).restore(saved), /3 environments were saved/);
  await assert.rejects(cueRecallRollout(options).restore(saved), /PositionOnlyCartPoleEasy.*CueRecall/);
  const counting = new InProcessRollout(() => new Counting(), { ...options, recipe: 'counting' });
  await assert.rejects(counting.save(), { name: 'UserError', message: /counting: .*cannot be saved/ });
});

test('all environments are closed, though one of them throws', async () => {
  let closed = 0;
  class Stuck extends Counting {
    override close(): void {
      if (closed++ === 0) throw new Error('stuck');
    }
  }
  const env = new InProcessRollout(() => new Stuck(), { count: 3, rolloutSteps: 1, seed: 1, recipe: 'stuck' });
  await assert.rejects(env.close(), /stuck/);
  assert.equal(closed, 3);
});

test('sizes out of range are refused', () => {
  assert.throws(() => cueRecallRollout({ count: 0, rolloutSteps: 1, seed: 0 }), {
    name: 'UserError',
    message: /^envs 0/,
  });
  assert.throws(() => cueRecallRollout({ count: 1, rolloutSteps: 0, seed: 0 }), {
    name: 'UserError',
    message: /^rolloutSteps 0/,
  });
});
