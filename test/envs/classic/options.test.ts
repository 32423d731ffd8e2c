import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Acrobot, CartPole, DiscretePendulum, MountainCarContinuous, Pendulum } from '../../../envs/classic/index.ts';

test('the discrete pendulum is the continuous one with its torques', () => {
  const torques = [-2, -0.5, 0.25, 1.75];
  const [discrete, continuous] = [new DiscretePendulum({ torques }), new Pendulum()];
  assert.deepEqual(discrete.reset({ seed: 6 }), continuous.reset({ seed: 6 }));
  for (let t = 0; t < 100; t++) {
    const action = (t * t) % torques.length;
    assert.deepEqual(discrete.step(action), continuous.step(Float32Array.of(torques[action] as number)));
  }
  assert.throws(() => new DiscretePendulum({ torques: [0, 2.5] }), {
    name: 'UserError',
    message: /^torque 2.5 .* -2 to 2$/,
  });
  assert.throws(() => new DiscretePendulum({ torques: [] }), { name: 'UserError', message: /^torques is empty/ });
});

test('an undamped pendulum without torque keeps its energy but for what the step costs', () => {
  const env = new Pendulum();
  env.reset({ seed: 3, options: { xInit: 3, yInit: 0 } });
  const energies = Array.from({ length: 100 }, () => {
    const [cos = 0, , speed = 0] = env.step(new Float32Array(1)).observation;
    return speed ** 2 / 6 + 5 * cos; // of a rod of 1 m and 1 kg in 10 m/s2
  });
  assert.ok(Math.max(...energies) - Math.min(...energies) < 1.5);
});

test('options that are none are refused', () => {
  const mistakes: [() => unknown, RegExp][] = [
    [() => new Acrobot({ equations: 'x' as 'book' }), /^equations "x" is unknown; give "book" or "nips"$/],
    [() => new Acrobot({ torqueNoise: NaN }), /^torqueNoise NaN .* 0 to 100$/],
    [() => new Acrobot({ torqueNoise: -1 }), /^torqueNoise -1 /],
    [() => new Pendulum({ g: Infinity }), /^g Infinity is not a finite number/],
    [() => new MountainCarContinuous({ goalVelocity: NaN }), /^goalVelocity NaN /],
    [() => new CartPole({ suttonBartoReward: 'no' as never }), /^suttonBartoReward "no" is no switch/],
    [() => new CartPole({ renderMode: 'human' }), /^renderMode "human" is unknown; give "rgb_array"$/],
  ];
  for (const [make, message] of mistakes) assert.throws(make, { name: 'UserError', message });
});

test('continuous actions are cut to the bounds, and refused where they are no number', () => {
  for (const Env of [Pendulum, MountainCarContinuous]) {
    const after = (force: number): Float32Array => {
      const env = new Env();
      env.reset({ seed: 1 });
      return env.step(Float32Array.of(force)).observation;
    };
    // As in Gymnasium a force that is cut is a float64, one within the bounds a float32.
    for (const [i, x] of after(9).entries())
      assert.ok(Math.abs(x - (after(new Env().actionSpace.high(0))[i] ?? 0)) < 1e-7);
    for (const force of [NaN, Infinity]) assert.throws(() => after(force), RangeError);
  }
});

test('bounds of the first state are checked', () => {
  const env = new CartPole();
  assert.throws(() => env.reset({ options: { low: 'x' } }), {
    name: 'UserError',
    message: /^reset option low "x" is not a finite number/,
  });
  assert.throws(() => env.reset({ options: { low: 1 } }), /low 1 is above high 0.05/);
  const swung = new Pendulum();
  assert.throws(() => swung.reset({ options: { x_init: 1 } }), /^UserError: unknown option x_init of reset; .*"xInit"/);
  const { observation } = env.reset({ seed: 1, options: { low: 0.01, high: 0.01 } });
  assert.deepEqual(observation, new Float32Array(4).fill(0.01));
});
