// @ts-check
// node ../../setup/pack.mjs prepack [FOLDER...], or postpack: what `npm pack` runs in a workspace before and after it.
// In the repository a workspace runs on its source, and package.json says so. A package runs on plain Node, so lib/ is
// made: lib/src compiled, and beside it copies of the folders that are named, where their place relative to the code is
// the same. A workspace without src/ is an index.ts over code of its room: that becomes one module, lib/index.js.
// package.json points there for the second in which npm reads it; if that second is not survived, the next set-up puts
// it back.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keptManifest, putBack } from './packing.mjs';

const workspace = process.cwd();
const root = fileURLToPath(new URL('..', import.meta.url));
const lib = join(workspace, 'lib');
const manifest = join(workspace, 'package.json');

const [event, ...folders] = process.argv.slice(2);
if (event === 'prepack') prepack();
else if (event === 'postpack') putBack(workspace);
else fail(`unknown event "${event}"; npm pack runs this with prepack and postpack`);

function prepack() {
  putBack(workspace);
  for (const folder of folders)
    if (!existsSync(join(workspace, folder, '.')))
      fail(`${folder}/ is not built; run node setup/run.mjs in the repository's root, which builds it`);
  try {
    mkdirSync(lib);
    const own = JSON.parse(readFileSync(manifest, 'utf8'));
    if (existsSync(join(workspace, 'src'))) compile('../src', 'src', { include: ['../src'] });
    else bundle(own);
    for (const folder of folders) copy(folder);
    writeFileSync(join(lib, 'package.json'), `${JSON.stringify(packed(own), null, 2)}\n`);
    renameSync(manifest, keptManifest(workspace));
    renameSync(join(lib, 'package.json'), manifest);
  } catch (error) {
    putBack(workspace);
    fail(/** @type {Error} */ (error).message);
  }
}

/**
 * TypeScript to lib/, with declarations.
 * @param {string} rootDir relative to lib/, as all paths in a project there
 * @param {string} outDir
 * @param {{ include: string[] } | { files: string[] }} sources
 * @param {object} [more] compiler options
 */
function compile(rootDir, outDir, sources, more) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  if (!existsSync(tsc)) throw new Error('TypeScript is not installed; run node setup/run.mjs in the repository');
  const project = join(lib, 'tsconfig.json');
  const compilerOptions = {
    ...{ noEmit: false, declaration: true, rewriteRelativeImportExtensions: true, allowJs: false },
    ...{ rootDir, outDir, ...more },
  };
  const config = { extends: join(root, 'tsconfig.json'), compilerOptions, include: [], exclude: [], ...sources };
  writeFileSync(project, JSON.stringify(config));
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', project], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the source does not compile: ${stdout.trim()}`);
  rmSync(project);
}

/**
 * index.ts and all it needs to lib/index.js, but for the packages that a user has besides (peerDependencies); what is
 * taken in of others' (devDependencies) brings its licence. Declarations go to lib/types, as far as index.ts leads.
 * @param {{ peerDependencies: Record<string, string>, devDependencies: Record<string, string> }} manifest
 */
function bundle({ peerDependencies, devDependencies }) {
  const flags = ['--bundle', '--format=esm', '--platform=neutral', '--target=es2022', '--log-level=error'];
  const external = Object.keys(peerDependencies).map((name) => `--external:${name}`);
  const esbuild = join(root, 'node_modules/.bin/esbuild');
  const args = ['index.ts', `--outfile=${join(lib, 'index.js')}`, ...flags, ...external];
  const { status, stderr } = spawnSync(esbuild, args, { cwd: workspace, encoding: 'utf8' });
  if (status !== 0) throw new Error(`index.ts cannot be bundled: ${stderr?.trim() || 'esbuild is not installed'}`);
  for (const name of Object.keys(devDependencies))
    cpSync(join(root, 'node_modules', name, 'LICENSE'), join(lib, `LICENSE.${name}`));
  compile('../..', 'all', { files: ['../index.ts'] }, { emitDeclarationOnly: true });
  keepDeclarations(join(lib, 'all'), join(lib, 'types'), join(basename(workspace), 'index.d.ts'));
  rmSync(join(lib, 'all'), { recursive: true });
}

/** Copies declarations and what they import. @param {string} from @param {string} to @param {string} file */
function keepDeclarations(from, to, file) {
  if (existsSync(join(to, file))) return;
  cpSync(join(from, file), join(to, file));
  for (const [, path] of readFileSync(join(from, file), 'utf8').matchAll(/from '(\..*)\.[jt]s'/g))
    keepDeclarations(from, to, join(dirname(file), `${path}.d.ts`));
}

/** What the build made, without the list by which the set-up's cache knows it. @param {string} folder */
function copy(folder) {
  const filter = (/** @type {string} */ path) => !path.endsWith('/product.json');
  cpSync(join(workspace, folder), join(lib, folder), { recursive: true, dereference: true, filter });
}

/**
 * package.json as others get it: each module src/NAME.ts becomes lib/src/NAME.js and, as an export, its types, and
 * likewise index.ts. What only the repository needs is left out, packing itself too: npm has read it by now.
 * @param {{ exports: Record<string, string>, sideEffects?: false | string[] } & Record<string, unknown>} manifest
 */
function packed({ scripts: _scripts, devDependencies: _dev, ...manifest }) {
  const exports = Object.entries(manifest.exports).map(([name, path]) => {
    const js = compiled(path);
    const types =
      path === './index.ts' ? `./lib/types/${basename(workspace)}/index.d.ts` : js.replace(/\.js$/, '.d.ts');
    return [name, js === path ? path : { types, default: js }];
  });
  const { sideEffects } = manifest;
  return {
    ...manifest,
    exports: Object.fromEntries(exports),
    ...(Array.isArray(sideEffects) && { sideEffects: sideEffects.map(compiled) }),
  };
}

/** Where a module of src/, or the bundled index.ts, is in a package. @param {string} path */
function compiled(path) {
  return path.replace(/^\.\/(src\/.*|index)\.ts$/, './lib/$1.js');
}

/** @param {string} reason @returns {never} */
function fail(reason) {
  console.error(`pack: ${reason}`);
  process.exit(1);
}
