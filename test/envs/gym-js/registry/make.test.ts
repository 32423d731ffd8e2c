import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import {
  type AnyEnv,
  ClipReward,
  envName,
  EnvSpec,
  make,
  makeVec,
  NormalizeReward,
  type RenderFrame,
  register,
  registry,
  setWarningHandler,
  TransformReward,
  unwrapped,
  type Wrapper,
} from 'gym-js';
import { Toy, type ToyArray } from '../toy-env.ts';

const heard: string[] = [];
setWarningHandler((message) => heard.push(message));

afterEach(() => {
  registry.clear();
  heard.length = 0;
});

const toyModule = new URL('../toy-env.ts', import.meta.url).href;

test('make wraps as Gymnasium does', async () => {
  register({ id: 'Toy-v0', entryPoint: Toy, maxEpisodeSteps: 3, kwargs: { length: 9 } });
  const env = await make<ToyArray, number>('Toy-v0');
  assert.equal(envName(env), '<TimeLimit<OrderEnforcing<PassiveEnvChecker<Toy<Toy-v0>>>>>');
  assert.equal((unwrapped(env) as Toy).length, 9);
  assert.throws(() => env.step(0), { name: 'ResetNeeded', message: 'call reset() before step()' });
  assert.throws(() => env.render?.(), { name: 'ResetNeeded', message: 'call reset() before render()' });
  env.reset({ seed: 0 });
  assert.deepEqual(
    [env.step(0), env.step(0), env.step(0)].map(({ truncated }) => truncated),
    [false, false, true],
  );
  assert.deepEqual(heard, []);

  const bare = await make('Toy-v0', { maxEpisodeSteps: -1, disableEnvChecker: true, length: 5 });
  assert.equal(envName(bare), '<OrderEnforcing<Toy<Toy-v0>>>');
  assert.equal((unwrapped(bare) as Toy).length, 5);
});

test('entry points may be classes, functions, promises and names', async () => {
  const kwargs = { length: 6 };
  for (const entryPoint of [
    Toy,
    (given: typeof kwargs) => new Toy(given),
    async (given: typeof kwargs) => new Toy(given),
    `${toyModule}:Toy`,
  ]) {
    const env = await make(new EnvSpec({ id: 'Any-v0', entryPoint, kwargs }));
    assert.equal((unwrapped(env) as Toy).length, 6);
    assert.equal(unwrapped(env).spec?.id, 'Any-v0');
  }
});

test('what makes no environment is refused', async () => {
  const attempt = (entryPoint: string | (() => never)): Promise<unknown> =>
    make(new EnvSpec({ id: 'X-v0', entryPoint }));
  const nothing = (): never => ({ reset: () => 1 }) as never;
  await assert.rejects(attempt(nothing), /the entry point of X-v0 made no environment: .* has no step\(\)/);
  await assert.rejects(attempt(`${toyModule}:Nope`), /X-v0: ".*" exports no class or function "Nope"/);
  await assert.rejects(attempt('noColon'), /X-v0: entry point "noColon" is not of the form module:export/);
  await assert.rejects(make(new EnvSpec({ id: 'X-v0', vectorEntryPoint: 'a:b' })), /X-v0 has no entry point for this/);
});

test("an environment's spec makes the same environment again, wrappers and all, also from JSON", async () => {
  register({ id: 'Toy-v0', entryPoint: `${toyModule}:Toy`, maxEpisodeSteps: 30 });
  const made = await make<ToyArray, number>('Toy-v0', { length: 7 });
  const env = new ClipReward(new NormalizeReward(made, { gamma: 0.5 }), { maxReward: 0.1 });
  const text = env.spec?.toJson() ?? '';
  for (const spec of [env.spec ?? '', EnvSpec.fromJson(text)]) {
    const again = (await make(spec)) as Wrapper<ToyArray, number>;
    assert.equal(envName(again), envName(env));
    assert.equal((again.unwrapped as Toy).length, 7);
    assert.equal(again.getWrapperAttr('gamma'), 0.5);
    assert.equal(again.getWrapperAttr('maxReward'), 0.1);
    assert.equal(again.getWrapperAttr('nothing'), undefined);
    assert.equal(again.spec?.maxEpisodeSteps, 30);
  }
  const func = (reward: number): number => reward + 1;
  const changed = new TransformReward(env, { func });
  assert.throws(() => changed.spec?.toJson(), /"func" is the function func, which JSON does not keep/);
  assert.equal(envName(await make(changed.spec ?? '')), envName(changed), 'in this process a function can be kept');
});

test('a render mode that ends in _list collects frames; one that is unknown is warned of', async () => {
  register({ id: 'Toy-v0', entryPoint: Toy });
  const env = await make<ToyArray, number>('Toy-v0', { renderMode: 'rgb_array_list' });
  assert.equal(env.renderMode, 'rgb_array_list');
  assert.ok(env.metadata?.renderModes?.includes('rgb_array_list'));
  env.reset({ seed: 0 });
  env.step(0);
  const frames = env.render?.() as RenderFrame[];
  assert.deepEqual(
    frames.map(({ height, width }) => [height, width]),
    [
      [5, 7],
      [5, 7],
    ],
  );
  assert.deepEqual(env.render?.(), [], 'each frame comes once');
  assert.deepEqual(heard, []);
  await make('Toy-v0', { renderMode: 'holo' });
  assert.deepEqual(heard, ['Toy-v0: render mode "holo" is not one of its modes: rgb_array, ansi']);
});

test('what is wrapped by the entry point is not wrapped again from a spec', async () => {
  const entryPoint = (): ClipReward<ToyArray, number> => new ClipReward(new Toy(), { maxReward: 1 });
  const env = await make(new EnvSpec({ id: 'Own-v0', entryPoint }));
  assert.equal(envName(env), '<OrderEnforcing<PassiveEnvChecker<ClipReward<Toy<Own-v0>>>>>');
  assert.equal(envName(await make(env.spec ?? '')), envName(env));
});

test('an environment is closed where it cannot be wrapped', async () => {
  const made: Toy[] = [];
  const entryPoint = (): Toy => {
    made.push(new Toy({ renderMode: 'ansi' }));
    return made.at(-1) as Toy;
  };
  const fail = (): never => {
    throw new Error('does not fit');
  };
  const additionalWrappers = [{ name: 'Tight', entryPoint: fail }];
  await assert.rejects(make(new EnvSpec({ id: 'Tight-v0', entryPoint, additionalWrappers })), /does not fit/);
  await assert.rejects(make(new EnvSpec({ id: 'Short-v0', entryPoint, maxEpisodeSteps: 0.5 })), /0\.5/);
  register({ id: 'Toy-v0', entryPoint });
  let calls = 0;
  const wrappers = [(env: AnyEnv) => (calls++ === 0 ? env : fail())];
  await assert.rejects(makeVec('Toy-v0', { numEnvs: 2, wrappers }), /does not fit/);
  assert.deepEqual(
    made.map(({ closed }) => closed),
    [1, 1, 1, 1],
  );
});
