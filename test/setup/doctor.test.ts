import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fakeClone } from './fake-clone.ts';

const doctor = { command: ['setup/doctor.mjs'] };

test('before the first set-up the doctor says what it will do, and does none of it', async (t) => {
  const fake = fakeClone(t);
  const { code, output } = await fake.run(doctor);
  assert.equal(code, 0, output);
  for (const row of ['Node', 'Python', 'C++ compiler', 'processor', 'features', 'threads', 'GPU'])
    assert.match(output, new RegExp(`^ {2}${row.replaceAll('+', '\\+')} +\\S`, 'm'));
  for (const name of ['npm packages', 'ALE', 'TensorFlow', 'binding'])
    assert.match(output, new RegExp(`^the next command mends this itself: ${name} `, 'm'));
  assert.match(output, /nothing to mend by hand\n$/);
  assert.deepEqual(fake.takeCalls(), []);
  assert.ok(!existsSync(fake.cache));
});

test('it refuses arguments, and a reader that leaves early is no error', async (t) => {
  const fake = fakeClone(t);
  const given = await fake.run({ command: ['setup/doctor.mjs', '--json'] });
  assert.deepEqual([given.code, given.errors], [2, 'error: the doctor takes no arguments, but was given --json\n']);
  const help = await fake.run({ command: ['setup/doctor.mjs', '--help'] });
  assert.equal(help.code, 0);
  assert.match(help.output, /^Usage: npm run doctor\n/);

  const child = spawn(process.execPath, ['setup/doctor.mjs'], { cwd: fake.root, stdio: ['ignore', 'pipe', 'pipe'] });
  const errors = child.stderr.toArray();
  child.stdout.once('data', () => child.stdout.destroy());
  const [code] = (await once(child, 'exit')) as [number];
  assert.deepEqual([code, Buffer.concat((await errors) as Buffer[]).toString()], [0, '']);
});

test('what only the user can mend makes it exit with 1, each with its mend', async (t) => {
  const fake = fakeClone(t);
  fake.removeTool('c++');
  fake.removeTool('python3');
  const { code, output } = await fake.run(doctor);
  assert.equal(code, 1);
  assert.match(output, /^to mend: no C\+\+ compiler found .*; install one: /m);
  assert.match(output, /^to mend: no Python 3 found .*; install it with pip: /m);
});

test('it reads every byte of what is cached, tells sizes, and loads the binding', async (t) => {
  const fake = fakeClone(t);
  await fake.run();
  const { output } = await fake.run(doctor);
  assert.match(
    output,
    /^ {2}tensorflow-cpu-[0-9a-f]{16} \d+ kB, made \d{4}-\d\d-\d\d in [\d.]+ s, used here, every byte checked, /m,
  );
  assert.match(
    output,
    /^ {2}tensorflow-cpu-.*, every byte checked, but only names and sizes in tensorflow\/include\/$/m,
  );
  assert.match(output, /^ {2}ale-source-.*, used here, every byte checked$/m);
  // The binding of this clone is no library at all.
  assert.match(output, /^to mend: the binding does not load: /m);

  // Damage that keeps size and time passes a start, not the doctor.
  const manifest = join(fake.product('ale'), 'product.json');
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(/"sha256": "[0-9a-f]{8}/, '"sha256": "00000000'));
  assert.equal((await fake.run()).errors, '');
  assert.match((await fake.run(doctor)).output, /^to mend: ale-[0-9a-f]{16} is damaged: ale.wasm .*; remove /m);
});
