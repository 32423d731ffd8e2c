// The workspaces as others get them: packed by npm, installed into an empty folder, run by plain Node.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { games } from 'ale-wasm';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { Copy, root, type Workspace } from './packed.ts';

/** What each depends on, as this repository has it installed: nothing is asked of the network. */
const dependencies = { 'ale-wasm': ['@bjorn3/browser_wasi_shim'], 'gym-js': [] };

const copy = new Copy();
after(() => copy.remove());

for (const workspace of ['ale-wasm', 'gym-js'] as const) {
  describe(`npm pack of ${workspace}`, () => {
    const archive = copy.pack(workspace);
    const unpacked = copy.unpack(archive);

    test('leaves the workspace as it was', () => {
      assert.equal(copy.manifest(workspace), readFileSync(join(root, 'envs', workspace, 'package.json'), 'utf8'));
      const left = readdirSync(copy.folder(workspace)).filter((name) => name === 'lib' || name.endsWith('.kept'));
      assert.deepEqual(left, []);
    });

    test('makes a package that publint has nothing against', async () => {
      const manifest = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8')) as Record<string, unknown>;
      const { messages } = await publint({ pkgDir: unpacked, pack: false, strict: true });
      assert.deepEqual(
        messages.map((message) => formatMessage(message, manifest)),
        [],
      );
      for (const file of ['README.md', 'LICENSE']) assert.ok(existsSync(join(unpacked, file)), file);
    });

    test("installs into an empty folder, and the README's examples compile strictly and run on plain Node", () => {
      const empty = mkdtempSync(join(tmpdir(), 'rim-agents-empty-'));
      after(() => rmSync(empty, { recursive: true }));
      const local = dependencies[workspace].map((name) => join(root, 'node_modules', name));
      const flags = ['--offline', '--no-audit', '--no-fund', '--ignore-scripts'];
      const { code, stderr } = copy.npm(empty, 'install', ...flags, archive, ...local);
      assert.equal(code, 0, stderr);

      writeFileSync(join(empty, 'package.json'), '{ "type": "module" }');
      writeFileSync(join(empty, 'readme.ts'), readmeProgram(workspace));
      const tsc = join(root, 'node_modules/typescript/bin/tsc');
      const compiled = node(empty, tsc, '--strict', '--module', 'nodenext', '--target', 'es2023', 'readme.ts');
      assert.equal(compiled.status, 0, compiled.stdout);
      const ran = node(empty, 'readme.js');
      assert.equal(ran.status, 0, ran.stderr);
    });
  });
}

test('ale-wasm holds its build, and of its source all that is ours', () => {
  const unpacked = copy.unpacked('ale-wasm');
  const roms = games().map((game) => `${game}.bin`);
  assert.deepEqual(readdirSync(join(unpacked, 'lib/dist')).sort(), ['ale.json', 'ale.wasm', 'roms']);
  assert.deepEqual(readdirSync(join(unpacked, 'lib/dist/roms')).sort(), roms);
  for (const folder of ['native', 'build', 'src'])
    assert.deepEqual(readdirSync(join(unpacked, folder)), readdirSync(join(root, 'envs/ale-wasm', folder)));
});

test('a workspace whose packing was not let end is packed as if nothing had been', () => {
  const before = copy.manifest('gym-js');
  const packed = readFileSync(join(copy.unpacked('gym-js'), 'package.json'));
  const files = (): string[] => readdirSync(copy.unpacked('gym-js'), { recursive: true, encoding: 'utf8' }).sort();
  const first = files();
  // As it is found after npm was killed in between.
  renameSync(join(copy.folder('gym-js'), 'package.json'), join(copy.folder('gym-js'), '.package.json.kept'));
  writeFileSync(join(copy.folder('gym-js'), 'package.json'), packed);
  mkdirSync(join(copy.folder('gym-js'), 'lib/src/old'), { recursive: true });
  assert.equal(copy.npm(copy.root, 'pack', '-w', 'gym-js').code, 0);
  assert.equal(copy.manifest('gym-js'), before);
  copy.unpack(join(copy.root, 'gym-js-0.1.0.tgz'));
  assert.deepEqual(files(), first);
});

test('where ale-wasm is not built, packing says so in one line', () => {
  rmSync(join(copy.folder('ale-wasm'), 'dist'));
  const { code, stderr } = copy.npm(copy.folder('ale-wasm'), 'pack');
  assert.notEqual(code, 0);
  assert.match(
    stderr,
    /^(npm error )?pack: dist\/ is not built; run node setup\/run\.mjs in the repository's root.*$/m,
  );
});

/**
 * A README's blocks of code that import the package, as one program: each stands in the scope of those before it, as a
 * reader has them in mind, and may use their names for other things.
 */
function readmeProgram(workspace: Workspace): string {
  const text = readFileSync(join(root, 'envs', workspace, 'README.md'), 'utf8');
  const blocks = [...text.matchAll(/^```(?:ts|js)\n([^]*?)^```$/gm)].map(([, code]) => code as string);
  const own = blocks.filter((code) => code.includes(`from '${workspace}'`));
  assert.ok(own.length > 0, 'the README has no example');
  const line = new RegExp(`^import \\{(.*?)\\} from '${workspace}';$`, 'gm');
  const names = own.flatMap((code) => [...code.matchAll(line)].flatMap(([, list]) => (list as string).split(',')));
  const imported = [...new Set(names.map((name) => name.trim()))].join(', ');
  const bodies = own.map((code) => code.replace(line, ''));
  return `import { ${imported} } from '${workspace}';\n${bodies.join('\n{\n')}${'}'.repeat(own.length - 1)}\n`;
}

function node(folder: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const env = { ...process.env, NODE_OPTIONS: '' };
  return spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env });
}
