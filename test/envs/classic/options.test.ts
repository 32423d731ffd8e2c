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
  assert.throws(() => new DiscretePendulum({ torques: [0, 2.5] }), /torque 2.5 is not from -2 to 2/);
  assert.throws(() => new DiscretePendulum({ torques: [] }), RangeError);
});

test('an undamped pendulum without torque keeps its energy but for what the step costs', () => {
  const env = new Pendulum();
  env.reset({ seed: 3, options: { x_init: 3, y_init: 0 } });
  const energies = Array.from({ length: 100 }, () => {
    const [cos = 0, , speed = 0] = env.step(new Float32Array(1)).observation;
    return speed ** 2 / 6 + 5 * cos; // of a rod of 1 m and 1 kg in 10 m/s2
  });
  assert.ok(Math.max(...energies) - Math.min(...energies) < 1.5);
});

test('Acrobot has both equations of motion, and noise on its torques if it is asked for', () => {
  const last = (options: ConstructorParameters<typeof Acrobot>[0]): string => {
    const env = new Acrobot(options);
    env.reset({ seed: 2 });
    for (let t = 0; t < 20; t++) env.step(t % 3);
    return env.step(2).observation.join();
  };
  const ends = [last({}), last({ equations: 'nips' }), last({ torqueNoise: 0.1 })];
  assert.equal(new Set(ends).size, 3);
  assert.equal(last({ torqueNoise: 0.1 }), ends[2], 'noise comes from the seed');
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
  assert.throws(() => env.reset({ options: { low: 'x' } }), /reset option low "x" is not a finite number/);
  assert.throws(() => env.reset({ options: { low: 1 } }), /low 1 is above high 0.05/);
  const { observation } = env.reset({ seed: 1, options: { low: 0.01, high: 0.01 } });
  assert.deepEqual(observation, new Float32Array(4).fill(0.01));
});
