// What is true of every listed environment, whatever it is about.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkEnv, type Env, make, setWarningHandler, unwrapped } from 'gym-js';
import { classicControl, registerClassicControl } from '../../envs/classic/index.ts';
import { memoryTasks, registerMemoryTasks } from '../../envs/memory/index.ts';
import { made } from './trace.ts';

const warned: string[] = [];
const before = setWarningHandler((message) => warned.push(message));
for (let time = 0; time < 2; time++) {
  registerClassicControl();
  registerMemoryTasks();
}
setWarningHandler(before);

/** What is as in Gymnasium, where its own checker tells of it too. */
const toldByGymnasium = [/is out of date/, /has the (low -|high )Infinity/, /is easier to learn than/];

/** Plays on with actions of one's own; ends are followed by resets. */
function play(env: Env<unknown, unknown>, steps: number): unknown[] {
  return Array.from({ length: steps }, () => {
    const step = env.step(env.actionSpace.sample());
    assert.ok(env.observationSpace.contains(step.observation), JSON.stringify(step.observation));
    return step.terminated || step.truncated ? [step, env.reset()] : [step];
  });
}

for (const listed of [...classicControl, ...memoryTasks]) {
  test(`${listed.name}: a seed decides everything, and a saved moment goes on as if it had not been saved`, () => {
    const env = made<unknown, unknown>(listed);
    const begin = (seed: number): unknown[] => {
      env.actionSpace.seed(seed);
      return [env.reset({ seed }), ...play(env, 30)];
    };
    const first = begin(3);
    assert.deepEqual(begin(3), first);
    assert.notDeepEqual(begin(4), first);

    const saved = JSON.stringify(env.saveState());
    env.actionSpace.seed(8);
    const on = play(env, 150);
    const other = made<unknown, unknown>(listed);
    other.restoreState(JSON.parse(saved) as object);
    other.actionSpace.seed(8);
    assert.deepEqual(play(other, 150), on);
    env.restoreState(JSON.parse(saved) as object);
    env.actionSpace.seed(8);
    assert.deepEqual(play(env, 150), on);
  });

  test(`${listed.name}: made by gym-js, its checker finds nothing to mend`, async () => {
    const warnings: string[] = [];
    const before = setWarningHandler((message) => warnings.push(message));
    try {
      await checkEnv(unwrapped(await make(listed.id)));
    } finally {
      setWarningHandler(before);
    }
    assert.deepEqual(
      warnings.filter((warning) => !toldByGymnasium.some((told) => told.test(warning))),
      [],
    );
  });
}

test('registering twice warns of nothing', () => {
  assert.deepEqual(warned, []);
});

test('a step out of turn and an action that is none are refused', () => {
  for (const listed of [...classicControl, ...memoryTasks]) {
    const env = made<unknown, unknown>(listed);
    assert.throws(() => env.step(0), /no episode has begun; call reset\(\) before step\(\)/);
    env.reset({ seed: 1 });
    for (const action of [-1, 0.5, 99, 'left', undefined, null]) {
      assert.throws(() => env.step(action), { name: 'RangeError', message: /is not in the action space/ });
    }
  }
  const cartPole = made<unknown, unknown>(classicControl[0]!);
  cartPole.reset({ seed: 1 });
  while (!cartPole.step(1).terminated);
  assert.throws(() => cartPole.step(1), /the episode is over; call reset\(\) before step\(\)/);
});
