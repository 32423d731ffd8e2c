// @ts-check
// node ../../setup/pack.mjs prepack [FOLDER...], or postpack: what `npm pack` runs in a workspace before and after it.
// In the repository a workspace runs on its source, and package.json says so. A package runs on plain Node, so lib/ is
// made: lib/src compiled, and beside it copies of the folders that are named, where their place relative to the code is
// the same. package.json points there for the second in which npm reads it; if that second is not survived, the next
// set-up puts it back.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
    compile();
    for (const folder of folders) copy(folder);
    const own = JSON.parse(readFileSync(manifest, 'utf8'));
    writeFileSync(join(lib, 'package.json'), `${JSON.stringify(packed(own), null, 2)}\n`);
    renameSync(manifest, keptManifest(workspace));
    renameSync(join(lib, 'package.json'), manifest);
  } catch (error) {
    putBack(workspace);
    fail(/** @type {Error} */ (error).message);
  }
}

/** src/ to lib/src/, with declarations. */
function compile() {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  if (!existsSync(tsc)) throw new Error('TypeScript is not installed; run node setup/run.mjs in the repository');
  mkdirSync(lib);
  const project = join(lib, 'tsconfig.json');
  const compilerOptions = {
    ...{ noEmit: false, declaration: true, rewriteRelativeImportExtensions: true, allowJs: false },
    ...{ rootDir: '../src', outDir: 'src' },
  };
  const config = { extends: join(root, 'tsconfig.json'), compilerOptions, include: ['../src'], exclude: [] };
  writeFileSync(project, JSON.stringify(config));
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', project], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`src/ does not compile: ${stdout.trim()}`);
  rmSync(project);
}

/** What the build made, without the list by which the set-up's cache knows it. @param {string} folder */
function copy(folder) {
  const filter = (/** @type {string} */ path) => !path.endsWith('/product.json');
  cpSync(join(workspace, folder), join(lib, folder), { recursive: true, dereference: true, filter });
}

/**
 * package.json as others get it: each module src/NAME.ts becomes lib/src/NAME.js and, as an export, its types. What
 * only the repository needs is left out, packing itself too: npm has read it by now.
 * @param {{ exports: Record<string, string>, sideEffects?: false | string[] } & Record<string, unknown>} manifest
 */
function packed({ scripts: _scripts, devDependencies: _dev, ...manifest }) {
  const exports = Object.entries(manifest.exports).map(([name, path]) => {
    const js = compiled(path);
    return [name, js === path ? path : { types: js.replace(/\.js$/, '.d.ts'), default: js }];
  });
  const { sideEffects } = manifest;
  return {
    ...manifest,
    exports: Object.fromEntries(exports),
    ...(Array.isArray(sideEffects) && { sideEffects: sideEffects.map(compiled) }),
  };
}

/** Where a module of src/ is in a package. @param {string} path */
function compiled(path) {
  return path.replace(/^\.\/src\/(.*)\.ts$/, './lib/src/$1.js');
}

/** @param {string} reason @returns {never} */
function fail(reason) {
  console.error(`pack: ${reason}`);
  process.exit(1);
}
