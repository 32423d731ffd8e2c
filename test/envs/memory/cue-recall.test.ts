import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CueRecall } from '../../../envs/memory/index.ts';

/** Mean return of a policy over episodes; it sees an observation and whatever it kept of the one before. */
function meanReturn(
  env: CueRecall,
  episodes: number,
  policy: (seen: Float32Array, memory: number[]) => number,
): number {
  let sum = 0;
  env.reset({ seed: 11 });
  for (let episode = 0; episode < episodes; episode++) {
    const memory: number[] = [];
    let { observation } = env.reset();
    for (let over = false; !over;) {
      const step = env.step(policy(observation, memory));
      sum += step.reward;
      over = step.terminated;
      observation = step.observation;
    }
  }
  return sum / episodes;
}

const cueIn = (observation: Float32Array, choices: number): number => observation.subarray(0, choices).indexOf(1);

test('whoever remembers the cue gets the best return in every episode', () => {
  for (const choices of [2, 5]) {
    const env = new CueRecall({ choices, delay: 9 });
    const mean = meanReturn(env, 200, (seen, memory) => {
      if (memory.length === 0) memory.push(cueIn(seen, choices));
      return memory[0] ?? 0;
    });
    assert.equal(mean, 1);
  }
});

test('policies without memory get the return of chance', () => {
  const policies: ((choices: number) => (seen: Float32Array) => number)[] = [
    () => () => 0,
    (choices) => (seen) => Math.max(0, cueIn(seen, choices)), // what it sees now is all it knows
    (choices) => (seen) => (Number(seen.at(-1)) > 0 ? choices - 1 : 0), // follows the noise
  ];
  for (const choices of [2, 4]) {
    for (const policy of policies) {
      const chance = 2 / choices - 1;
      const mean = meanReturn(new CueRecall({ choices }), 4000, policy(choices));
      assert.ok(Math.abs(mean - chance) < 0.06, `${mean} is not near ${chance}`);
    }
  }
});

test('an episode shows the cue once, then noise, then asks', () => {
  const env = new CueRecall({ choices: 3, delay: 4 });
  const seen = [env.reset({ seed: 2 }).observation];
  const ends: boolean[] = [];
  while (!ends.at(-1)) {
    const { observation, terminated, truncated } = env.step(1);
    assert.ok(!truncated);
    ends.push(terminated);
    seen.push(observation);
  }
  assert.equal(ends.length, 6);
  for (const [t, observation] of seen.entries()) {
    assert.ok(env.observationSpace.contains(observation));
    const cue = [...observation.subarray(0, 3)];
    assert.equal(
      cue.reduce((sum, x) => sum + x, 0),
      Number(t === 0),
      `cue at ${t}`,
    );
    assert.equal(observation[3], Number(t === 5), `question at ${t}`);
  }
});

test('the same seed is the same sequence of episodes', () => {
  const play = (seed: number): number[] => {
    const env = new CueRecall();
    const all = [...env.reset({ seed }).observation];
    for (let step = 0; step < 40; step++) {
      const { observation, reward, terminated } = env.step(step % 2);
      all.push(...observation, reward);
      if (terminated) all.push(...env.reset().observation);
    }
    return all;
  };
  assert.deepEqual(play(5), play(5));
  assert.notDeepEqual(play(5), play(6));
});

test('mistakes are named', () => {
  assert.throws(() => new CueRecall({ choices: 1 }), { name: 'UserError', message: /^choices 1 .*2 to 16$/ });
  assert.throws(() => new CueRecall({ delay: 0 }), { name: 'UserError', message: /^delay 0/ });
  const env = new CueRecall();
  assert.throws(() => env.step(0), /call reset/);
  env.reset();
  assert.throws(() => env.step(2), RangeError);
});
