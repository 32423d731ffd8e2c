import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

// The rules of the house that a machine can check. Each test is one tool; what it prints names file, line and rule.

const root = fileURLToPath(new URL('..', import.meta.url));
const rooms = ['envs', 'agents', 'src', 'setup', 'test'];

function check(name: string, tool: string, args: string[], mend: string): void {
  test(name, () => {
    const bin = join(root, 'node_modules', tool);
    const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, FORCE_COLOR: '0', NODE_OPTIONS: '', NODE_TEST_CONTEXT: undefined },
      maxBuffer: 1 << 26,
    });
    if (status !== 0) assert.fail(`${mend}\n\n${`${stdout}\n${stderr}`.trim().replaceAll(root, '')}`);
  });
}

check(
  'types',
  'typescript/bin/tsc',
  ['--noEmit', '--pretty', 'false'],
  'mend the types, or see them with: npx tsc --noEmit',
);
check('lint', 'eslint/bin/eslint.js', ['.'], 'mend by hand, or what can be with: npx eslint . --fix');
check(
  'layers, cycles, and imports that are found',
  'dependency-cruiser/bin/dependency-cruise.mjs',
  ['--config', '.dependency-cruiser.cjs', '--output-type', 'err-long', ...rooms],
  'an arrow points the wrong way: the rules and their reasons are in .dependency-cruiser.cjs',
);
check(
  'nothing unused: files, exports, dependencies',
  'knip/bin/knip.js',
  ['--no-progress'],
  'remove it, or use it (entries are listed in knip.json)',
);
check('format', 'prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.'], 'mend with: npm run format');

test('the workspaces stand alone: they depend on no package of ours', () => {
  const names = ['rim-agents', 'gym-js', 'ale-wasm'];
  for (const workspace of ['gym-js', 'ale-wasm']) {
    const manifest = JSON.parse(readFileSync(join(root, 'envs', workspace, 'package.json'), 'utf8')) as Record<
      string,
      object
    >;
    const depends = ['dependencies', 'devDependencies', 'peerDependencies'].flatMap((kind) =>
      Object.keys(manifest[kind] ?? {}),
    );
    assert.deepEqual(
      depends.filter((name) => names.includes(name)),
      [],
    );
  }
});

test('no line is longer than 120 columns', () => {
  // prettier wraps code, but neither comments nor strings, nor C++
  const files = rooms.flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
      .map((path) => join(room, path))
      .filter(
        (path) => /\.(ts|mjs|cc|h)$/.test(path) && !/\bnode_modules\b|\bdist\b|^(envs|agents)\/[^/]+\/lib\b/.test(path),
      ),
  );
  const long = files.flatMap((path) =>
    readFileSync(join(root, path), 'utf8')
      .split('\n')
      .flatMap((line, i) => (line.length > 120 ? [`${path}:${i + 1}`] : [])),
  );
  assert.deepEqual(long, []);
});

test('every test file is found by the test command', () => {
  const found = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' });
  assert.deepEqual(
    found.filter((path) => /[.-]test\.|\.spec\./.test(path) && !path.endsWith('.test.ts')),
    [],
  );
});
