// @ts-check
// node ../../setup/pack.mjs prepack [FOLDER...], or postpack: what `npm pack` runs in a workspace before and after it.
// In the repository a workspace runs on its source, and package.json says so. A package runs on plain Node, so lib/ is
// made: lib/src compiled, and beside it copies of the folders that are named, where their place relative to the code is
// the same. package.json points there for the second in which npm reads it; if that second is not survived, the next
// prepack or postpack puts it back.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const workspace = process.cwd();
const root = fileURLToPath(new URL('..', import.meta.url));
const lib = join(workspace, 'lib');
const manifest = join(workspace, 'package.json');
/** The workspace's own package.json, while another stands in its place. */
const kept = join(workspace, '.package.json.kept');

const [event, ...folders] = process.argv.slice(2);
if (event === 'prepack') prepack();
else if (event === 'postpack') putBack();
else fail(`unknown event "${event}"; npm pack runs this with prepack and postpack`);

function prepack() {
  putBack();
  for (const folder of folders)
    if (!existsSync(join(workspace, folder, '.')))
      fail(`${folder}/ is not built; run node setup/run.mjs in the repository's root, which builds it`);
  try {
    compile();
    for (const folder of folders) copy(folder);
    const own = JSON.parse(readFileSync(manifest, 'utf8'));
    writeFileSync(join(lib, 'package.json'), `${JSON.stringify(packed(own), null, 2)}\n`);
    renameSync(manifest, kept);
    renameSync(join(lib, 'package.json'), manifest);
  } catch (error) {
    putBack();
    fail(/** @type {Error} */ (error).message);
  }
}

function putBack() {
  if (existsSync(kept)) renameSync(kept, manifest);
  rmSync(lib, { recursive: true, force: true });
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
 * package.json as others get it: each export src/NAME.ts becomes lib/src/NAME.js and its types. The scripts stay, so
 * that npm finds them where this one was left in place.
 * @param {{ exports: Record<string, string> } & Record<string, unknown>} manifest
 */
function packed(manifest) {
  const exports = Object.entries(manifest.exports).map(([name, path]) => {
    const compiled = path.replace(/^\.\/src\/(.*)\.ts$/, './lib/src/$1');
    return [name, compiled === path ? path : { types: `${compiled}.d.ts`, default: `${compiled}.js` }];
  });
  return { ...manifest, exports: Object.fromEntries(exports) };
}

/** @param {string} reason @returns {never} */
function fail(reason) {
  console.error(`pack: ${reason}`);
  process.exit(1);
}
