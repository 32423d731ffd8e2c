import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type AnyEnv,
  Box,
  checkEnv,
  Dict,
  Discrete,
  type Env,
  type EnvMetadata,
  make,
  type RenderResult,
  register,
  type ResetOptions,
  type ResetResult,
  setWarningHandler,
  type StepResult,
  unwrapped,
} from 'gym-js';
import { Toy } from '../toy-env.ts';

/** What a check says of an environment: its warnings, then its error. */
async function said(env: AnyEnv): Promise<string[]> {
  const heard: string[] = [];
  const before = setWarningHandler((message) => heard.push(message));
  try {
    await checkEnv(env);
  } catch (error) {
    heard.push((error as Error).message);
  } finally {
    setWarningHandler(before);
  }
  return heard;
}

/** A sound environment; each test below breaks one thing in it. */
class Sound implements Env<Float32Array, number> {
  readonly observationSpace: Env<Float32Array, number>['observationSpace'] = new Box({ low: 0, high: 9, shape: [1] });
  readonly actionSpace: Env<Float32Array, number>['actionSpace'] = new Discrete(2);
  readonly metadata: EnvMetadata = { renderModes: [] };
  protected start = 0;
  protected position = 0;

  reset({ seed }: ResetOptions = {}): ResetResult<Float32Array> {
    this.start = seed === undefined ? (this.start + 3) % 7 : seed % 7;
    this.position = this.start;
    return { observation: Float32Array.of(this.position), info: {} };
  }

  step(action: number): StepResult<Float32Array> {
    this.position = Math.min(9, this.position + action);
    const observation = Float32Array.of(this.position);
    return { observation, reward: 1, terminated: this.position === 9, truncated: false, info: {} };
  }

  render(): RenderResult {
    return undefined;
  }

  close(): void {}
}

const noSpec = 'without a spec only this render mode can be checked; make the environment with make()';

test('nothing is said of a sound environment, and of one that is registered', async () => {
  assert.deepEqual(await said(new Sound()), [noSpec]);
  register({ id: 'check/Toy-v0', entryPoint: Toy });
  const env = await make('check/Toy-v0', { renderMode: 'rgb_array' });
  assert.deepEqual(await said(unwrapped(env)), []);
  assert.match((await said(env))[0] ?? '', /Toy<check\/Toy-v0>>>> is wrapped: check the env/);
});

/** `Sound` with some members replaced; `this` in them is the environment. */
function broken(members: Record<string, unknown>): AnyEnv {
  return Object.assign(new Sound(), members) as AnyEnv;
}

type Self = Sound & { position: number; count?: number; kept?: Float32Array };
const result = (self: Self, more: object = {}): object => ({ ...Sound.prototype.step.call(self, 0), ...more });

let drawn = 0;
const faults: [what: string, members: Record<string, unknown>, says: RegExp][] = [
  ['no step', { step: undefined }, /has no method step\(\)/],
  ['no space', { observationSpace: 'box' }, /the observationSpace is a string, not a Space/],
  ['an empty Dict', { observationSpace: new Dict({}) }, /the observationSpace has a Dict of no spaces/],
  ['bounds that are one', { actionSpace: new Box({ low: 1, high: 1, shape: [1] }) }, /a low that equals its high/],
  ['wide actions', { actionSpace: new Box({ low: -3, high: 3, shape: [1] }) }, /RescaleAction makes it/],
  ['no bounds', { observationSpace: new Box({ low: 0, high: Infinity, shape: [1] }) }, /has the high Infinity/],
  ['a bare observation', { reset: () => Float32Array.of(1) }, /reset\(\) returned a Float32Array, not an object with/],
  ['no info', { reset: () => ({ observation: Float32Array.of(1) }) }, /reset\(\) returned undefined as info/],
  [
    'an observation outside its space',
    { reset: () => ({ observation: Float32Array.of(99), info: {} }) },
    /not within the observation space Box\(0.0, 9.0, \(1,\), float32\)/,
  ],
  [
    'chance that no seed decides',
    { reset: () => ({ observation: Float32Array.of(drawn++ % 8), info: {} }) },
    /reset\(\{ seed: 123 \}\) gave different observations; take all randomness from the seed/,
  ],
  [
    'chance in a step that no seed decides',
    { step: (action: number) => ({ ...new Sound().step(action), reward: drawn++ }) },
    /the same seed and action gave a different reward/,
  ],
  [
    'a reward that is text',
    {
      step(this: Self) {
        return result(this, { reward: 'much' });
      },
    },
    /step\(\) returned a string as reward, not a number/,
  ],
  [
    'a reward that is no number',
    {
      step(this: Self) {
        return result(this, { reward: NaN });
      },
    },
    /step\(\) returned the reward NaN/,
  ],
  [
    'an end mark that is 0',
    {
      step(this: Self) {
        return result(this, { terminated: 0 });
      },
    },
    /step\(\) returned 0 as terminated, not a boolean/,
  ],
  [
    'an episode of one step',
    {
      step(this: Self) {
        return result(this, { truncated: true });
      },
    },
    /truncated after one step/,
  ],
  [
    'an array that is used again',
    {
      step(this: Self) {
        this.kept ??= Float32Array.of(1);
        return result(this, { observation: this.kept });
      },
    },
    /step\(\) 1 and step\(\) 2 returned the same observation object; return a new one each time/,
  ],
];

for (const [what, members, says] of faults) {
  test(`${what} is found`, async () => {
    const all = await said(broken(members));
    assert.ok(
      all.some((line) => says.test(line)),
      `${says} in: ${all.join(' | ')}`,
    );
    assert.ok(all.every((line) => !line.includes('\n')));
  });
}

test('frames that are not what the render mode says are found', async () => {
  const frame = (rendered: unknown, renderMode: string): Promise<string[]> =>
    said(broken({ render: () => rendered, renderMode, metadata: { renderModes: ['rgb_array', 'ansi'] } }));
  const [fps] = await frame('words', 'ansi');
  assert.equal(fps, 'the metadata tells no renderFps');
  assert.match((await frame('words', 'rgb_array')).join(), /render\(\) returned no \{ data, height, width \}/);
  assert.match((await frame(undefined, 'ansi')).join(), /render\(\) returned undefined in mode "ansi"/);
  assert.match((await frame(3, 'human')).join(), /"human" is none of the metadata's renderModes.*returned 3 in mode/);
});

test('a second close that throws is found', async () => {
  class Once extends Toy {
    override close(): void {
      if (this.closed++ > 0) throw new Error('closed already');
    }
  }
  register({ id: 'check/Once-v0', entryPoint: Once });
  const heard = await said(unwrapped(await make('check/Once-v0')));
  assert.deepEqual(heard.slice(-1), ['close() of a closed environment threw "closed already"; it may be called twice']);
});
