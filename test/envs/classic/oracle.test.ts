// Every episode of Gymnasium in test/oracle/classic-control.json, which the script beside it recorded.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classicControl } from '../../../envs/classic/index.ts';
import { bytes, float32s, float64s, listed, made, readTraces, replay, rows, type Trace } from '../trace.ts';

interface ClassicTrace extends Trace {
  readonly policy: string;
  readonly arguments: Record<string, unknown>;
  readonly options: Record<string, number> | null;
}

/** Gymnasium's names of arguments, attributes and options of reset, in ours. */
const ours: Record<string, string> = {
  sutton_barto_reward: 'suttonBartoReward',
  goal_velocity: 'goalVelocity',
  book_or_nips: 'equations',
  torque_noise_max: 'torqueNoise',
  x_init: 'xInit',
  y_init: 'yInit',
};

function renamed<T>(given: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [ours[name] ?? name, value]));
}

for (const trace of readTraces<ClassicTrace>('classic-control')) {
  const given = JSON.stringify({ ...trace.arguments, ...trace.options });
  test(`${trace.id} equals Gymnasium: seed ${trace.seed}, ${trace.policy} actions, ${given}`, () => {
    const kind = listed(classicControl, trace.id);
    const env = made<Float32Array, number | Float32Array>({ ...kind, kwargs: renamed(trace.arguments) });
    const discrete = env.actionSpace.shape?.length === 0;
    const actions = Array.from(float32s(trace.actions), (x) => (discrete ? x : Float32Array.of(x)));
    const limits = { options: renamed(trace.options ?? {}), limit: kind.maxEpisodeSteps ?? Infinity };
    const played = replay(env, trace.seed, actions, (observation) => observation, limits);
    const width = played.observations[0]?.length ?? 1;
    assert.deepEqual(played.observations, rows(float32s(trace.observations), width), 'every bit of every float32');
    assert.deepEqual(played.ends, [...bytes(trace.ends)]);
    for (const [t, reward] of float64s(trace.rewards).entries()) {
      // Pendulum's sines differ in the last bit of a float64 between libraries.
      assert.ok(
        Math.abs((played.rewards[t] ?? NaN) - reward) < 1e-13,
        `reward ${played.rewards[t]} at ${t}: ${reward}`,
      );
    }
  });
}
