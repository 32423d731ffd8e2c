import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AnyEnv, checkEnv, make, register, unwrapped } from 'gym-js';
import { Toy } from '../toy-env.ts';
import { faultyEnvs } from './faulty-envs.ts';
import { said } from './said.ts';

/** All that checkEnv says, its error last. */
async function lines(env: AnyEnv): Promise<string[]> {
  const { warnings, error } = await said(() => checkEnv(env));
  return error === undefined ? warnings : [...warnings, error];
}

test('nothing is said of a sound environment, and of one that is registered', async () => {
  assert.deepEqual(await lines(faultyEnvs().none as AnyEnv), [
    'without a spec only this render mode can be checked; make the environment with make()',
  ]);
  register({ id: 'check/Toy-v0', entryPoint: Toy });
  const env = await make('check/Toy-v0', { renderMode: 'rgb_array' });
  assert.deepEqual(await lines(unwrapped(env)), []);
  assert.match((await lines(env))[0] ?? '', /Toy<check\/Toy-v0>>>> is wrapped: check the env/);
});

const words: Record<string, RegExp> = {
  'no step': /has no method step\(\)/,
  'no space': /the observationSpace is a string, not a Space/,
  'an empty Dict': /the observationSpace has a Dict of no spaces/,
  'bounds that are one': /a low that equals its high/,
  'wide actions': /RescaleAction makes it/,
  'no bounds': /has the high Infinity/,
  'a bare observation': /reset\(\) returned a Float32Array, not an object with/,
  'no info': /reset\(\) returned undefined as info/,
  'an observation outside its space': /not within the observation space Box\(0.0, 9.0, \(1,\), float32\)/,
  'chance that no seed decides': /reset\(\{ seed: 123 \}\) gave different observations; take all randomness from the/,
  'chance in a step that no seed decides': /the same seed and action gave a different reward/,
  'a reward that is text': /step\(\) returned a string as reward, not a number/,
  'a reward that is no number': /step\(\) returned the reward NaN/,
  'an end mark that is 0': /step\(\) returned 0 as terminated, not a boolean/,
  'an episode of one step': /truncated after one step/,
  'an array that is used again':
    /step\(\) 1 and step\(\) 2 returned the same observation object; return a new one each/,
  'no frames per second': /the metadata tells no renderFps/,
  'no frame in a second': /the metadata's renderFps 0 is not above 0/,
  'text as picture': /render\(\) returned no \{ data, height, width \}/,
  'nothing as text': /render\(\) returned undefined in mode "ansi"/,
  'something for human eyes': /render\(\) returned 3 in mode "human"/,
  'another render mode': /the render mode "ansi" is none of the metadata's renderModes: rgb_array/,
};

test('each fault is named in one line', async () => {
  for (const [fault, env] of Object.entries(faultyEnvs())) {
    const all = await lines(env);
    const says = words[fault] ?? /./;
    assert.ok(
      all.some((line) => says.test(line)),
      `${fault}: ${says} in: ${all.join(' | ')}`,
    );
    assert.ok(all.every((line) => !line.includes('\n')));
  }
});

test('a second close that throws is found', async () => {
  class Once extends Toy {
    override close(): void {
      if (this.closed++ > 0) throw new Error('closed already');
    }
  }
  register({ id: 'check/Once-v0', entryPoint: Once });
  const heard = await lines(unwrapped(await make('check/Once-v0')));
  assert.deepEqual(heard.slice(-1), ['close() of a closed environment threw "closed already"; it may be called twice']);
});
