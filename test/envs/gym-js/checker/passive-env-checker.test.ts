import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PassiveEnvChecker, setWarningHandler } from 'gym-js';
import { Toy, type ToyArray } from '../toy-env.ts';

// What each fault is called is tested in check-env.test.ts; here, when it is looked for.

const heard: string[] = [];
setWarningHandler((message) => heard.push(message));

test('the first reset and steps are looked at, the others are not', () => {
  class Late extends Toy {
    wrong = false;
    override step(action: number): ReturnType<Toy['step']> {
      return { ...super.step(action), reward: this.wrong ? NaN : 1 };
    }
  }
  const late = new Late({ length: 50 });
  const env = new PassiveEnvChecker(late);
  env.reset({ seed: 1 });
  env.step(0);
  late.wrong = true;
  for (let i = 0; i < 9; i++) env.step(0);
  assert.deepEqual(heard, []);

  const early = new Late();
  early.wrong = true;
  const checked = new PassiveEnvChecker(early);
  checked.reset({ seed: 1 });
  for (let i = 0; i < 3; i++) checked.step(0);
  assert.deepEqual(heard.splice(0), ['step() returned the reward NaN']);
});

test('results that share an object are found, whether of reset and step or of two steps', () => {
  class Same extends Toy {
    from = 0;
    private readonly kept = Float32Array.of(1, 1);
    private calls = 0;
    override reset(): ReturnType<Toy['reset']> {
      return { observation: this.next(), info: {} };
    }
    override step(action: number): ReturnType<Toy['step']> {
      return { ...super.step(action), observation: this.next() };
    }
    private next(): ToyArray {
      return this.calls++ >= this.from ? this.kept.subarray(0) : Float32Array.of(2, 2);
    }
  }
  for (const [from, calls] of [
    [0, 'reset() and the step() after it'],
    [1, 'two calls of step()'],
  ] as const) {
    const same = new Same();
    same.from = from;
    const env = new PassiveEnvChecker(same);
    env.reset();
    for (let i = 0; i < 4; i++) env.step(0);
    const message = `${calls} returned the same observation object; return a new one each time, for callers keep them`;
    assert.ok(heard.splice(0).includes(message), calls);
  }
});

test('results go through unchanged', () => {
  const env = new PassiveEnvChecker(new Toy({ renderMode: 'ansi' }));
  const plain = new Toy();
  assert.deepEqual(env.reset({ seed: 2 }), plain.reset({ seed: 2 }));
  for (let i = 0; i < 3; i++) assert.deepEqual(env.step(i), plain.step(i));
  assert.equal(env.render(), 'step 3');
  assert.equal(env.render(), 'step 3');
  assert.deepEqual(heard, []);
});
