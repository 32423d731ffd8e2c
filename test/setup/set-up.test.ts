import assert from 'node:assert/strict';
import {
  appendFileSync,
  existsSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { assertRefused, fakeClone, products, type FakeClone } from './fake-clone.ts';

const everything = ['ale compiled', 'binding compiled', 'npm ci', 'pip ale-py==1', 'pip tensorflow-cpu==1'];
const bindingPath = 'node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node';

async function setUpOnce(fake: FakeClone): Promise<void> {
  const outcome = await fake.run();
  assert.equal(outcome.code, 0, outcome.errors);
  fake.takeCalls();
}

test('the first start makes everything and then runs the file; the next one makes and says nothing', async (t) => {
  const fake = fakeClone(t);
  const first = await fake.run({ arguments: ['--game', 'Breakout'] });
  assert.equal(first.code, 0, first.errors);
  assert.equal(first.output, '["--game","Breakout"]\n');
  assert.deepEqual(fake.takeCalls(), everything);
  assert.deepEqual(fake.cached(), products);
  assert.equal(readFileSync(join(fake.root, 'envs/ale-wasm/dist/ale.wasm'), 'utf8'), 'one 1.2.3');
  assert.equal(readlinkSync(join(fake.root, bindingPath)), join(fake.product('binding'), 'tfjs_binding.node'));
  assert.ok(existsSync(join(fake.root, 'node_modules/.rim-agents/tensorflow/include/a.h')));
  // Of the wheel only libraries and the headers that are used.
  assert.ok(!existsSync(join(fake.root, 'node_modules/.rim-agents/tensorflow/python')));
  assert.ok(!existsSync(join(fake.root, 'node_modules/.rim-agents/tensorflow/include/external')));

  const second = await fake.run({ arguments: ['again'] });
  assert.deepEqual(second, { code: 0, output: '["again"]\n', errors: '' });
  assert.deepEqual(fake.takeCalls(), []);
});

test('where the error stream is no terminal it shows plain lines, each step with its outcome', async (t) => {
  const { errors } = await fakeClone(t).run();
  assert.doesNotMatch(errors, /\x1b|\r/);
  for (const step of ['npm packages', 'ALE 1 source', 'TensorFlow 1', 'ALE to WASM', 'TensorFlow binding'])
    assert.match(errors, new RegExp(`^✔ ${step} `, 'm'));
  assert.match(errors, /^Set up in \d+ s$/m);
});

test('a warm set-up adds less than 0.3 seconds to a start', async (t) => {
  const fake = fakeClone(t);
  await setUpOnce(fake);
  const seconds = async (command: string[]): Promise<number> => {
    const times: number[] = [];
    for (let i = 0; i < 5; i++) {
      const started = performance.now();
      await fake.run({ command });
      times.push((performance.now() - started) / 1000);
    }
    return Math.min(...times);
  };
  const added = (await seconds(['setup/run.mjs', 'main.mjs'])) - (await seconds(['main.mjs']));
  assert.ok(added < 0.3, `${added.toFixed(3)} s`);
});

test('a download that broke off is fetched again', async (t) => {
  const fake = fakeClone(t);
  fake.breakDownloads('tensorflow-cpu==1', 1);
  const { code, errors } = await fake.run();
  assert.equal(code, 0, errors);
  assert.deepEqual(
    fake.takeCalls().filter((call) => call.startsWith('pip')),
    ['pip ale-py==1', 'pip tensorflow-cpu==1', 'pip tensorflow-cpu==1'],
  );
});

test('a download with another hash is refused', async (t) => {
  const fake = fakeClone(t);
  fake.breakDownloads('ale-py==1', 100);
  assertRefused(fake, await fake.run(), /has SHA-256 [0-9a-f]{64} instead of [0-9a-f]{64}; it was fetched 3 times/);
});

test('a damaged product is noticed and made again', async (t) => {
  const fake = fakeClone(t);
  await setUpOnce(fake);
  const library = () => join(fake.product('tensorflow-cpu'), 'tensorflow/libtensorflow_cc.so.2');
  const cases: [string, () => void, string[]][] = [
    ['shorter', () => truncateSync(library(), 3), ['pip tensorflow-cpu==1']],
    ['gone', () => rmSync(join(fake.product('ale'), 'ale.wasm')), ['ale compiled']],
    [
      'same length, other bytes',
      () => writeFileSync(join(fake.product('ale'), 'ale.wasm'), 'two 1.2.3'),
      ['ale compiled'],
    ],
    [
      'description unreadable',
      () => writeFileSync(join(fake.product('binding'), 'product.json'), '{'),
      ['binding compiled'],
    ],
    ['folder gone', () => rmSync(fake.product('binding'), { recursive: true }), ['binding compiled']],
    ['another time, same bytes', () => utimesSync(library(), 1, 1), []],
    ['link gone', () => rmSync(join(fake.root, 'envs/ale-wasm/dist')), []],
    ['package gone', () => rmSync(join(fake.root, 'node_modules/tsx'), { recursive: true }), ['npm ci']],
    ['all packages gone', () => rmSync(join(fake.root, 'node_modules'), { recursive: true }), ['npm ci']],
  ];
  for (const [what, damage, calls] of cases) {
    damage();
    const { code, errors } = await fake.run();
    assert.equal(code, 0, `${what}: ${errors}`);
    assert.deepEqual(fake.takeCalls(), calls, what);
    assert.deepEqual(await fake.run(), { code: 0, output: '[]\n', errors: '' }, what);
    assert.equal(readFileSync(library(), 'utf8'), 'libtensorflow_cc.so.2', what);
    assert.equal(readFileSync(join(fake.root, 'envs/ale-wasm/dist/ale.wasm'), 'utf8'), 'one 1.2.3', what);
    assert.equal(readFileSync(join(fake.root, bindingPath), 'utf8'), 'libtensorflow_cc.so.2', what);
  }
  assert.ok(
    statSync(library()).mtimeMs > 1e12,
    'a file whose time alone was another has its own back, and is not read at every start',
  );
});

test('headers that are damaged are noticed when something must be compiled', async (t) => {
  const fake = fakeClone(t);
  await setUpOnce(fake);
  rmSync(join(fake.product('tensorflow-cpu'), 'tensorflow/include/a.h'));
  fake.write('agents/kernels/native/source.cc', 'two ');
  assert.equal((await fake.run()).code, 0);
  assert.deepEqual(fake.takeCalls(), ['binding compiled', 'pip tensorflow-cpu==1']);
});

test("ALE's source is read whole before it is compiled", async (t) => {
  const fake = fakeClone(t);
  await setUpOnce(fake);
  const manifest = join(fake.product('ale-source'), 'product.json');
  // As a file would be whose bytes changed though its size and time did not.
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(/"sha256": "[0-9a-f]{8}/, '"sha256": "00000000'));
  assert.equal((await fake.run()).errors, '');
  fake.write('envs/ale-wasm/build/source.cc', 'two ');
  assert.equal((await fake.run()).code, 0);
  assert.deepEqual(fake.takeCalls().sort(), ['ale compiled', 'pip ale-py==1']);
});

test('changed sources make another product, and the old one is found again', async (t) => {
  const fake = fakeClone(t);
  await setUpOnce(fake);
  for (const [content, calls] of [
    ['two ', ['ale compiled']],
    ['one ', []],
  ] as const) {
    fake.write('envs/ale-wasm/build/source.cc', content);
    assert.equal((await fake.run()).code, 0);
    assert.deepEqual(fake.takeCalls(), calls);
    assert.equal(readFileSync(join(fake.root, 'envs/ale-wasm/dist/ale.wasm'), 'utf8'), `${content}1.2.3`);
  }
});

test('a second clone needs nothing but its packages', async (t) => {
  const fake = fakeClone(t);
  await setUpOnce(fake);
  const other = join(fake.home, 'other');
  fake.addClone(other);
  assert.equal((await fake.run({ root: other })).code, 0);
  assert.deepEqual(fake.takeCalls(), ['npm ci']);
});

test('set-ups at once wait for each other, in one clone and in two', async (t) => {
  const fake = fakeClone(t);
  const other = join(fake.home, 'other');
  fake.addClone(other);
  const env = { FAKE_COMPILE_MS: '1000' };
  const outcomes = await Promise.all([fake.run({ env }), fake.run({ env }), fake.run({ env, root: other })]);
  for (const { code, output, errors } of outcomes) assert.deepEqual([code, output], [0, '[]\n'], errors);
  assert.deepEqual(fake.takeCalls(), [
    'ale compiled',
    'binding compiled',
    'npm ci',
    'npm ci',
    'pip ale-py==1',
    'pip tensorflow-cpu==1',
  ]);
  assert.ok(outcomes.some(({ errors }) => /waiting for another set-up to finish \(process \d+/.test(errors)));
});

test('a set-up that was killed is no obstacle: what it had done is kept, what it had begun is removed', async (t) => {
  const fake = fakeClone(t);
  const { child, ended } = fake.start({ env: { FAKE_COMPILE_MS: '60000' } });
  const isFetched = (): boolean => fake.cached().some((name) => name.startsWith('tensorflow'));
  while (!fake.wasCalled('ale compiled') || !isFetched()) await sleep(20);
  child.kill('SIGKILL');
  assert.equal((await ended).code, 'SIGKILL');
  assert.ok(existsSync(join(fake.root, '.set-up.lock')));
  assert.ok(fake.cached().some((name) => name.startsWith('unfinished')));
  fake.takeCalls();
  const { code, errors } = await fake.run();
  assert.equal(code, 0, errors);
  assert.deepEqual(fake.takeCalls(), ['ale compiled', 'binding compiled']);
  assert.deepEqual(fake.cached(), products);
});

test('Ctrl-C ends a set-up at once and leaves nothing half done', async (t) => {
  const fake = fakeClone(t);
  const { child, ended } = fake.start({ env: { FAKE_COMPILE_MS: '60000' } });
  while (!fake.wasCalled('ale compiled')) await sleep(20);
  child.kill('SIGINT');
  const { code, errors } = await ended;
  assert.equal(code, 130);
  assert.match(errors, /interrupted; what is done so far is kept/);
  assert.deepEqual(
    fake.cached().filter((name) => !products.includes(name)),
    [],
  );
  assert.ok(!existsSync(join(fake.root, '.set-up.lock')));
});

test('a binding that was built by hand stays while it is newer than its sources', async (t) => {
  const fake = fakeClone(t);
  await setUpOnce(fake);
  rmSync(join(fake.root, bindingPath));
  writeFileSync(join(fake.root, bindingPath), 'mine');
  assert.equal((await fake.run()).code, 0);
  assert.equal(readFileSync(join(fake.root, bindingPath), 'utf8'), 'mine');
  const later = statSync(join(fake.root, bindingPath)).mtimeMs / 1000 + 10;
  appendFileSync(join(fake.root, 'agents/kernels/native/source.cc'), 'newer');
  utimesSync(join(fake.root, 'agents/kernels/native/source.cc'), later, later);
  assert.equal((await fake.run()).code, 0);
  assert.deepEqual(fake.takeCalls(), ['binding compiled']);
  assert.equal(readFileSync(join(fake.root, bindingPath), 'utf8'), 'libtensorflow_cc.so.2');
});

test('a finished binding needs no compiler', async (t) => {
  const fake = fakeClone(t);
  await setUpOnce(fake);
  fake.removeTool('c++');
  assert.deepEqual(await fake.run(), { code: 0, output: '[]\n', errors: '' });
});
