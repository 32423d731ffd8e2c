import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { EnvSpec, make, pprintRegistry, register, registry, setWarningHandler, spec } from 'gym-js';
import { Toy } from '../toy-env.ts';
import { recorded } from '../traces.ts';

const heard: string[] = [];
setWarningHandler((message) => heard.push(message));

afterEach(() => {
  registry.clear();
  heard.length = 0;
});

/** What test/oracle/gymnasium-wrappers.py registers. */
function registerSome(): void {
  for (const id of ['Cart-v0', 'Cart-v1', 'Pole-v2', 'Bare', 'zoo/Cat-v1', 'zoo/Catfish-v0']) {
    register({ id, entryPoint: Toy });
  }
}

const errors: Record<string, string> = { Error: 'GymError' };

type Found = Record<string, { id?: string; warns?: boolean; error?: string; suggests?: boolean }>;

for (const [id, expected] of Object.entries(recorded.registry?.['asked'] as unknown as Found)) {
  test(`"${id}" finds ${expected.id ?? expected.error}, as in Gymnasium`, async () => {
    registerSome();
    const found = await make(id).then(
      (env) => ({ id: env.spec?.id, warns: heard.length > 0 }),
      (error: Error) => ({ error: error.name, suggests: error.message.includes('did you mean') }),
    );
    const { error, ...others } = expected;
    const renamed = error === undefined ? others : { error: errors[error] ?? error, ...others };
    // Gymnasium looks for names only in the namespace asked for; here another namespace is suggested.
    if (id === 'zoo/Pole-v2') renamed.suggests = true;
    assert.deepEqual(found, renamed);
  });
}

for (const [id, error] of Object.entries(recorded.registry?.['registered'] as unknown as Record<string, string>)) {
  test(`registering "${id}" beside the others gives ${error ?? 'no error'}, as in Gymnasium`, () => {
    registerSome();
    if (error) assert.throws(() => register({ id, entryPoint: Toy }), { name: error });
    else register({ id, entryPoint: Toy });
  });
}

test('errors are one line that says what to do', async () => {
  registerSome();
  const message = (id: string): Promise<string> => make(id).then(String, (error: Error) => error.message);
  assert.equal(await message('Crat-v1'), 'environment "Crat" is not registered; did you mean "Cart-v1"?');
  assert.equal(await message('Cart-v7'), 'version v7 of "Cart" is not registered; it has v0, v1');
  assert.equal(await message('Pole-v1'), '"Pole-v1" is not registered any more; take "Pole-v2"');
  assert.equal(await message('zoe/Cat'), 'namespace "zoe" is not registered; did you mean "zoo"?');
  assert.equal(await message('far/Cat'), 'namespace "far" is not registered; import the package that registers it');
  assert.equal(await message('a b'), 'malformed environment id "a b"; ids look like [namespace/]Name[-v0]');
  assert.match(await message('no-such-package-here:Cart-v1'), /^cannot import "no-such-package-here": Cannot find/);
});

test('spec gives what is registered under exactly this id', () => {
  registerSome();
  assert.equal(spec('Cart-v0').version, 0);
  assert.equal(spec('zoo/Cat-v1').namespace, 'zoo');
  assert.throws(() => spec('Cart'), { name: 'VersionNotFound', message: '"Cart" is not registered; it has v0, v1' });
  assert.throws(() => register({ id: 'Empty-v0' }), /Empty-v0: give an entryPoint, a vectorEntryPoint or both/);
  register({ id: 'Cart-v0', entryPoint: Toy });
  assert.deepEqual(heard, ['"Cart-v0" was registered already and is replaced']);
});

test('an id may name the module that registers it', async () => {
  const module = new URL('../vector/worker-envs.ts', import.meta.url).href;
  const { register: again } = await import('gym-js');
  await import(module);
  again({ id: 'worker/Toy-v1', entryPoint: Toy });
  const env = await make(`${module}:worker/Toy-v1`);
  assert.equal(env.spec?.id, 'worker/Toy-v1');
});

test('a spec survives JSON, unless it holds functions', () => {
  const whole = new EnvSpec({
    id: 'zoo/Cat-v1',
    entryPoint: 'cats:Cat',
    rewardThreshold: 9.5,
    nondeterministic: true,
    maxEpisodeSteps: 7,
    orderEnforce: false,
    disableEnvChecker: true,
    kwargs: { legs: 4, colors: ['red', { deep: true }] },
    additionalWrappers: [{ name: 'ClipReward', entryPoint: 'gym-js:ClipReward', kwargs: { minReward: 0 } }],
  });
  assert.deepEqual(EnvSpec.fromJson(whole.toJson()), whole);
  assert.throws(() => whole.with({ entryPoint: Toy }).toJson(), {
    message: 'zoo/Cat-v1: "entryPoint" is the function Toy, which JSON does not keep; name an export instead',
  });
  assert.throws(() => whole.with({ kwargs: { x: new Map() } }).toJson(), /"x" is a Map/);
  assert.throws(() => EnvSpec.fromJson('{'), /not the JSON of an environment's spec/);
  assert.throws(() => EnvSpec.fromJson('[]'), /it has no "id"/);
  assert.equal(
    whole.toString(),
    [
      'id=zoo/Cat-v1',
      'rewardThreshold=9.5',
      'nondeterministic=true',
      'maxEpisodeSteps=7',
      'orderEnforce=false',
      'disableEnvChecker=true',
      'kwargs={"legs":4,"colors":["red",{"deep":true}]}',
      'additionalWrapper=ClipReward {"minReward":0}',
    ].join('\n'),
  );
});

test('pprintRegistry prints a table per namespace, the ids sorted', () => {
  for (const name of ['d', 'b', 'a', 'c']) register({ id: `zoo/${name}-v0`, entryPoint: 'cats:Cat' });
  register({ id: 'Alone-v0', entryPoint: 'some/where:Alone' });
  assert.equal(
    pprintRegistry(),
    '===== zoo =====\nzoo/a-v0 zoo/b-v0 zoo/c-v0\nzoo/d-v0\n===== some/where =====\nAlone-v0',
  );
  assert.equal(pprintRegistry({ numCols: 1, excludeNamespaces: ['zoo'] }), '===== some/where =====\nAlone-v0');
});
