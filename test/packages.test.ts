// The workspaces as others get them: packed by npm, installed into an empty folder, run by plain Node (and, of those
// that are for browsers too and have no test of their own there, the example in Chromium).
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
import { after, before, describe, test } from 'node:test';
import { games } from 'ale-wasm';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { endLostPackings } from '../setup/packing.mjs';
import { logOfPage, noChance } from './agents/layers/example-page.ts';
import { findChromium, noChromium } from './chromium.ts';
import { Copy, root, sourceFolder, type Workspace } from './packed.ts';

/** What each depends on, as this repository has it installed: nothing is asked of the network. */
const dependencies = { 'ale-wasm': ['@bjorn3/browser_wasi_shim'], 'gym-js': [], 'rim-layers': ['@tensorflow/tfjs'] };
const workspaces = ['ale-wasm', 'gym-js', 'rim-layers'] as const;

const copy = new Copy();
const archives = new Map<Workspace, string>();
const elsewhere = mkdtempSync(join(tmpdir(), 'rim-agents-empty-'));
/** A folder of its own for each, with nothing in it. */
const empty = (workspace: Workspace): string => join(elsewhere, workspace);

before(() => {
  for (const workspace of workspaces) {
    archives.set(workspace, copy.pack(workspace));
    copy.unpack(archives.get(workspace) as string);
    mkdirSync(empty(workspace));
  }
});
after(() => {
  copy.remove();
  rmSync(elsewhere, { recursive: true });
});

for (const workspace of workspaces) {
  describe(`npm pack of ${workspace}`, () => {
    test('leaves the workspace as it was', () => {
      assert.equal(copy.manifest(workspace), readFileSync(join(sourceFolder(workspace), 'package.json'), 'utf8'));
      const left = readdirSync(copy.folder(workspace)).filter((name) => name === 'lib' || name.endsWith('.kept'));
      assert.deepEqual(left, []);
    });

    test('makes a package that publint has nothing against, without what only the repository needs', async () => {
      const unpacked = copy.unpacked(workspace);
      const manifest = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8')) as Record<string, unknown>;
      const { messages } = await publint({ pkgDir: unpacked, pack: false, strict: true });
      assert.deepEqual(
        messages.map((message) => formatMessage(message, manifest)),
        [],
      );
      for (const file of ['README.md', 'LICENSE']) assert.ok(existsSync(join(unpacked, file)), file);
      for (const name of ['scripts', 'devDependencies']) assert.equal(manifest[name], undefined, name);
      for (const path of [manifest.sideEffects].flat()) {
        if (typeof path === 'string') assert.ok(existsSync(join(unpacked, path)), path);
      }
    });

    test('installs into an empty folder', () => {
      const local = dependencies[workspace].map((name) => join(root, 'node_modules', name));
      const flags = ['--offline', '--no-audit', '--no-fund', '--ignore-scripts'];
      const { code, stderr } = copy.npm(
        empty(workspace),
        'install',
        ...flags,
        archives.get(workspace) as string,
        ...local,
      );
      assert.equal(code, 0, stderr);
    });
  });
}

/** What the examples in a README print. */
const printed = new Map<Workspace, string>();

for (const workspace of workspaces)
  test(`there the examples in ${workspace}'s README compile strictly and run on plain Node`, () => {
    const isForTfjs = workspace === 'rim-layers';
    const folder = empty(workspace);
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'readme.ts'), readmeProgram(workspace));
    writeFileSync(join(folder, 'first.js'), isForTfjs ? `import '@tensorflow/tfjs'; ${noChance}` : '');
    writeFileSync(join(folder, 'wrong.ts'), isForTfjs ? wrongOptions : '');
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const flags = ['--strict', '--module', 'nodenext', '--target', 'es2023'];
    // tfjs' own declarations contradict the browser's.
    if (isForTfjs) flags.push('--skipLibCheck');
    const compiled = node(folder, tsc, ...flags, 'readme.ts', 'wrong.ts');
    assert.equal(compiled.status, 0, compiled.stdout);
    const ran = node(folder, '--import', './first.js', 'readme.js');
    assert.equal(ran.status, 0, ran.stderr);
    printed.set(workspace, ran.stdout);
  });

const executablePath = findChromium();
test(
  "rim-layers' first example gives the same numbers in Chromium",
  { skip: executablePath === undefined && noChromium },
  async () => {
    const [program = ''] = readmeBlocks('rim-layers', 'js');
    const [page = ''] = readmeBlocks('rim-layers', 'html');
    const inNode = JSON.parse(printed.get('rim-layers') ?? '') as number[];
    const inChromium = (await logOfPage(executablePath as string, page, program, {
      'rim-layers': copy.unpacked('rim-layers'),
      '@tensorflow/tfjs': join(root, 'node_modules/@tensorflow/tfjs'),
    })) as number[];
    assert.ok((inNode.at(-1) as number) < 0.9 * (inNode[0] as number), `the loss falls: ${inNode}`);
    assert.equal(inChromium.length, inNode.length);
    for (const [i, loss] of inChromium.entries())
      assert.ok(Math.abs(loss - (inNode[i] as number)) < 1e-5, `${inChromium} in Chromium, ${inNode} in Node`);
  },
);

test('gym-js without a video package says in one line which to install', () => {
  const program = `
    import { RecordVideo } from 'gym-js';
    const env = { renderMode: 'rgb_array' };
    for (const format of ['mp4', 'gif']) {
      await RecordVideo.create(env, { videoFolder: 'videos', format }).catch((error) => console.log(String(error)));
    }
  `;
  const { stdout, stderr } = node(empty('gym-js'), '--input-type=module', '--eval', program);
  assert.equal(stderr, '');
  assert.deepEqual(stdout.trim().split('\n'), [
    'DependencyNotInstalled: videos need the package h264-mp4-encoder: npm install h264-mp4-encoder',
    'DependencyNotInstalled: videos need the package gifenc: npm install gifenc',
  ]);
  assert.ok(!existsSync(join(empty('gym-js'), 'videos')), 'no folder is made for nothing');
});

test('ale-wasm holds its build, and of its source all that is ours', () => {
  const unpacked = copy.unpacked('ale-wasm');
  const roms = games().map((game) => `${game}.bin`);
  assert.deepEqual(readdirSync(join(unpacked, 'lib/dist')).sort(), ['ale.json', 'ale.wasm', 'roms']);
  assert.deepEqual(readdirSync(join(unpacked, 'lib/dist/roms')).sort(), roms);
  for (const folder of ['native', 'build', 'src'])
    assert.deepEqual(readdirSync(join(unpacked, folder)), readdirSync(join(root, 'envs/ale-wasm', folder)));
});

test('the set-up puts a workspace back whose packing was not let end, not one that is being packed', () => {
  const own = copy.manifest('gym-js');
  const folder = copy.folder('gym-js');
  // As it is found after npm was killed in between.
  renameSync(join(folder, 'package.json'), join(folder, '.package.json.kept'));
  writeFileSync(join(folder, 'package.json'), readFileSync(join(copy.unpacked('gym-js'), 'package.json')));
  mkdirSync(join(folder, 'lib/src'), { recursive: true });
  endLostPackings(copy.root);
  assert.ok(existsSync(join(folder, 'lib')));
  endLostPackings(copy.root, 0);
  assert.equal(copy.manifest('gym-js'), own);
  assert.ok(!readdirSync(folder).some((name) => name === 'lib' || name.endsWith('.kept')));
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

/** What the declarations of rim-layers refuse: an option that is left out, and two that are none. */
const wrongOptions = `
  import { brim, lstm, rim } from 'rim-layers';
  // @ts-expect-error
  rim({ modules: 4, units: 8 });
  // @ts-expect-error
  brim({ layers: [{ modules: 4, units: 8, active: 2, activ: 2 }] });
  // @ts-expect-error
  lstm({ units: 8, modules: 2 });
`;

/**
 * A README's blocks of code that import the package, as one program: each stands in the scope of those before it, as a
 * reader has them in mind, and may use their names for other things.
 */
function readmeProgram(workspace: Workspace): string {
  const own = readmeBlocks(workspace, 'ts|js').filter((code) => code.includes(`from '${workspace}'`));
  assert.ok(own.length > 0, 'the README has no example');
  const line = new RegExp(`^import \\{(.*?)\\} from '${workspace}';$`, 'gm');
  const names = own.flatMap((code) => [...code.matchAll(line)].flatMap(([, list]) => (list as string).split(',')));
  const imported = [...new Set(names.map((name) => name.trim()))].join(', ');
  const others = new Set(own.flatMap((code) => code.replace(line, '').match(/^import .*;$/gm) ?? []));
  const bodies = own.map((code) => code.replace(/^import .*;$/gm, ''));
  const imports = [...others, `import { ${imported} } from '${workspace}';`].join('\n');
  return `${imports}\n${bodies.join('\n{\n')}${'}'.repeat(own.length - 1)}\n`;
}

function readmeBlocks(workspace: Workspace, language: string): string[] {
  const text = readFileSync(join(sourceFolder(workspace), 'README.md'), 'utf8');
  const blocks = text.matchAll(new RegExp(`^\`\`\`(?:${language})\\n([^]*?)^\`\`\`$`, 'gm'));
  return [...blocks].map(([, code]) => code as string);
}

function node(folder: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const env = { ...process.env, NODE_OPTIONS: '' };
  return spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env });
}
