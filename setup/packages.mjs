// @ts-check
// The npm packages, exactly as the lock file lists them, without running any script of theirs.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetUpError } from './errors.mjs';
import { npmFailure, patience } from './npm.mjs';
import { runTool } from './tool.mjs';

/**
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {string} [integrity]
 * @property {boolean} [link] one of ours: a link to its folder
 * @property {boolean} [optional] only for the platforms in os, cpu and libc
 * @property {string[]} [os]
 * @property {string[]} [cpu]
 * @property {string[]} [libc]
 */

/** @type {Map<string, Record<string, LockedPackage>>} */
const locks = new Map();

/** @param {string} root @returns {Record<string, LockedPackage>} what package-lock.json lists, by folder; read once */
function lockedPackages(root) {
  const known = locks.get(root);
  if (known) return known;
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  locks.set(root, packages);
  return packages;
}

/**
 * @param {string} root
 * @param {string} name
 * @returns {string} version and hash of a package, from the lock file
 */
export function lockedVersion(root, name) {
  const locked = lockedPackages(root)[`node_modules/${name}`];
  if (!locked) throw new SetUpError(`package-lock.json has no ${name}; restore it: git checkout package-lock.json`);
  return `${locked.version} ${locked.integrity}`;
}

/**
 * Compares what npm says it installed with the lock file, and looks whether each package's folder is there.
 * @param {string} root
 * @returns {string | undefined} what is wrong
 */
export function packagesProblem(root) {
  /** @type {Record<string, LockedPackage>} */
  let installed;
  try {
    installed = JSON.parse(readFileSync(join(root, 'node_modules/.package-lock.json'), 'utf8')).packages;
  } catch {
    return 'not installed yet';
  }
  for (const [folder, locked] of Object.entries(lockedPackages(root))) {
    if (!folder.startsWith('node_modules/')) continue;
    const found = installed[folder];
    if (!found && !isForThisMachine(locked)) continue;
    const name = folder.replace(/^.*node_modules\//, '');
    if (!found || found.version !== locked.version || found.integrity !== locked.integrity)
      return `${name} is missing or has another version than the lock file's`;
    if (!existsSync(join(root, folder, 'package.json'))) return `${name} is gone`;
  }
  return undefined;
}

/**
 * @param {LockedPackage} locked
 * @returns {boolean} false also where only npm can tell (libc, what another optional one needs)
 */
function isForThisMachine({ optional, os, cpu, libc }) {
  if (!optional) return true;
  return !libc && Boolean(os?.includes(process.platform) && cpu?.includes(process.arch));
}

/**
 * @param {object} options
 * @param {string} options.root
 * @param {string} options.cache
 * @param {string} options.log
 * @param {(done: number, total: number) => void} options.onProgress packages
 * @returns {Promise<number>} how many are installed
 */
export async function installPackages({ root, cache, log, onProgress }) {
  const total = Object.entries(lockedPackages(root)).filter(
    ([folder, locked]) => folder.startsWith('node_modules/') && !locked.link && isForThisMachine(locked),
  ).length;
  let done = 0;
  // The same whatever the user's configuration says: without scripts, with everything that building and testing needs.
  const args = [
    'ci',
    ...patience,
    '--ignore-scripts',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--loglevel=http',
  ];
  const { ok, output } = await runTool('npm', args, {
    cwd: root,
    log,
    onLine: (line) => {
      if (/ http (fetch|cache) .*\.tgz/.test(line)) onProgress(Math.min(++done, total), total);
    },
  });
  if (ok) return total;
  if (/EUSAGE/.test(output))
    throw new SetUpError(
      'installing npm packages failed: package.json and package-lock.json do not agree; ' +
        'run npm install, or git checkout both',
    );
  throw npmFailure('installing npm packages', output, { cache, log });
}
