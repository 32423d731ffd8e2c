import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AutoresetMode, type Box, SyncVectorEnv, VectorRecordEpisodeStatistics, VectorWrapper } from 'gym-js';
import { Mixed, Toy, type ToyArray } from '../toy-env.ts';
import { playVector, recorded } from '../traces.ts';

const create = (autoresetMode: AutoresetMode): SyncVectorEnv<ToyArray, number> =>
  new SyncVectorEnv<ToyArray, number>(
    [2, 3, 5].map((length) => () => new Toy({ length })),
    { autoresetMode },
  );

for (const mode of ['nextStep', 'sameStep', 'disabled'] as const) {
  test(`observations, rewards, end marks and infos are Gymnasium's: ${mode}`, async () => {
    const envs = create(mode);
    assert.equal(envs.metadata.autoresetMode, mode);
    assert.deepEqual(await playVector(envs, mode), recorded.vector?.[mode]);
  });
}

test('observations of several parts are batched part by part', async () => {
  const envs = new SyncVectorEnv([() => new Mixed(), () => new Mixed()]);
  assert.deepEqual(await playVector(envs, 'nextStep', 2), recorded.mixedVector);
  const { observations } = await envs.reset();
  assert.ok(envs.observationSpace.contains(observations));
  assert.ok(observations.pair[1] instanceof Int32Array, 'the type says what a batch is');
});

for (const mode of ['nextStep', 'sameStep'] as const) {
  test(`RecordEpisodeStatistics of a vector counts as Gymnasium's: ${mode}`, async () => {
    const envs = new VectorRecordEpisodeStatistics(create(mode), { bufferLength: 3 });
    const trace = await playVector(envs, mode);
    const infos = trace.map((step) => step.infos as Record<string, unknown>);
    const found = {
      episodes: infos.map(({ episode }) => episode ?? null),
      masks: infos.map(({ _episode }) => _episode ?? null),
      returns: envs.returnQueue,
      lengths: envs.lengthQueue,
      count: envs.episodeCount,
    };
    assert.deepEqual(found, recorded.vector?.[`${mode}Statistics`]);
  });
}

test('the time of an episode is what the given clock says', async () => {
  let now = 0;
  const envs = new VectorRecordEpisodeStatistics(new SyncVectorEnv([() => new Toy({ length: 2 })]), {
    now: () => (now += 1.5),
  });
  await envs.reset({ seed: 0 });
  await envs.step(Int32Array.of(0));
  const { infos } = await envs.step(Int32Array.of(0));
  assert.deepEqual((infos.episode as { t: Float64Array }).t, Float64Array.of(3));
});

test('spaces are batched; observations are new at every step', async () => {
  const envs = create('nextStep');
  assert.deepEqual((envs.observationSpace as Box).shape, [3, 2]);
  assert.equal(envs.actionSpace.toString(), 'MultiDiscrete([3 3 3])');
  const first = (await envs.reset({ seed: 1 })).observations.slice();
  const kept = (await envs.reset({ seed: 1 })).observations;
  await envs.step(Int32Array.of(0, 0, 0));
  assert.deepEqual(kept, first);
});

test('what cannot be is refused, and the error names the environment', async () => {
  assert.throws(() => new SyncVectorEnv([]), /at least one environment/);
  assert.throws(() => create('never' as AutoresetMode), /autoresetMode "never" is not one of nextStep/);
  assert.throws(
    () => new SyncVectorEnv<ToyArray, number>([() => new Toy(), () => new Toy({ dtype: 'uint8' })]),
    /environment 1: its observationSpace Box\(0, 255, \(2,\), uint8\) is not that of environment 0/,
  );
  const envs = create('disabled');
  await assert.rejects(envs.reset({ seed: [1, 2] }), /2 seeds for 3 environments/);
  await assert.rejects(envs.reset({ options: { resetMask: [false, false, false] } }), /does not mark any of 3/);
  await assert.rejects(envs.reset({ options: { resetMask: [1] } }), /resetMask/);
  await envs.reset({ seed: 0 });
  await assert.rejects(envs.step(Int32Array.of(0, 0)), /2 elements of Discrete\(3\) for 3 environments/);
  await envs.step(Int32Array.of(0, 0, 0));
  await envs.step(Int32Array.of(0, 0, 0));
  await assert.rejects(envs.step(Int32Array.of(0, 0, 0)), {
    name: 'EnvironmentFailed',
    env: 0,
    message: 'environment 0: its episode is over; reset it with options.resetMask',
  });
});

test('an episode that is over is told of before any environment is stepped', async () => {
  const envs = create('disabled');
  await envs.reset({ seed: 0 });
  await envs.step(Int32Array.of(0, 0, 0));
  const { observations } = await envs.step(Int32Array.of(0, 0, 0));
  await assert.rejects(envs.step(Int32Array.of(0, 0, 0)), { env: 0 });
  const after = await envs.reset({ options: { resetMask: [1, 0, 0] } });
  assert.deepEqual(after.observations.slice(2), observations.slice(2));
});

test('an environment whose reset fails is reset again by the next step', async () => {
  class Moody extends Toy {
    calls = 0;
    override reset(options: object): ReturnType<Toy['reset']> {
      if (this.calls++ === 1) throw new Error('not now');
      return super.reset(options);
    }
  }
  const envs = new SyncVectorEnv<ToyArray, number>([() => new Moody({ length: 1 })]);
  await envs.reset({ seed: 0 });
  assert.equal((await envs.step(Int32Array.of(0))).terminations[0], 1);
  await assert.rejects(envs.step(Int32Array.of(0)), { message: 'environment 0: not now' });
  const { rewards, infos } = await envs.step(Int32Array.of(0));
  assert.deepEqual([rewards[0], infos.episodeIndex], [0, Float64Array.of(1)]);
});

test('one call at a time, as with threads', async () => {
  const envs = create('nextStep');
  const first = envs.reset({ seed: 0 });
  await assert.rejects(envs.step(Int32Array.of(0, 0, 0)), { name: 'AlreadyPendingCallError' });
  await first;
});

test('all environments are closed, though one of them throws', async () => {
  class Stuck extends Toy {
    override close(): void {
      super.close();
      throw new Error('stuck');
    }
  }
  const envs = new SyncVectorEnv<ToyArray, number>([() => new Stuck(), () => new Toy(), () => new Stuck()]);
  await assert.rejects(envs.close(), { name: 'EnvironmentFailed', message: 'environment 0: stuck' });
  assert.deepEqual(
    envs.envs.map((env) => (env as Toy).closed),
    [1, 1, 1],
  );
});

test('RecordEpisodeStatistics refuses a step of some environments only, for it does not tell which', async () => {
  class Half extends VectorWrapper<ToyArray, number, ToyArray, Int32Array> {
    override async step(actions: Int32Array): ReturnType<SyncVectorEnv<ToyArray, number>['step']> {
      const { rewards, ...others } = await super.step(actions);
      return { ...others, rewards: rewards.slice(0, 2) };
    }
  }
  const envs = new VectorRecordEpisodeStatistics(new Half(create('nextStep')));
  await envs.reset({ seed: 0 });
  await assert.rejects(envs.step(Int32Array.of(0, 0, 0)), {
    name: 'RangeError',
    message: 'RecordEpisodeStatistics: a step of 2 of 3 environments; only steps of all count',
  });
});

test('call reaches attributes and methods, close reaches each environment once', async () => {
  const envs = create('nextStep');
  assert.deepEqual(await envs.call('length'), [2, 3, 5]);
  assert.equal(((await envs.call('reset', { seed: 3 })) as object[]).length, 3);
  await assert.rejects(envs.call('nothing'), /environment 0: it has no "nothing"/);
  assert.equal((await envs.render()).length, 3);
  await envs.close();
  await envs.close();
  assert.deepEqual(
    envs.envs.map((env) => (env as Toy).closed),
    [1, 1, 1],
  );
  await assert.rejects(envs.reset(), { name: 'ClosedEnvironmentError' });
});

test('environments made so far are closed where one cannot be made, or does not fit', async () => {
  const fail = (): never => {
    throw new Error('no second one');
  };
  const [first, second, third] = [new Toy(), new Toy(), new Toy()];
  await assert.rejects(SyncVectorEnv.create<ToyArray, number>([() => first, fail]), /no second one/);
  assert.throws(() => new SyncVectorEnv<ToyArray, number>([() => second, fail]), /no second one/);
  const other = new Toy({ dtype: 'uint8' });
  await assert.rejects(
    SyncVectorEnv.create<ToyArray, number>([() => third, () => other]),
    /is not that of environment 0/,
  );
  assert.deepEqual(
    [first, second, third, other].map(({ closed }) => closed),
    [1, 1, 1, 1],
  );
});
