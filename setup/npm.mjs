// @ts-check
// npm as a downloader: it knows the user's registry, mirrors, proxies and certificates.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { explainFailure, SetUpError } from './errors.mjs';
import { largestFile } from './pip.mjs';
import { runTool } from './tool.mjs';

/** npm waits 70 seconds before it believes that there is no network; we do not. */
export const patience = ['--fetch-retries=2', '--fetch-retry-mintimeout=2000', '--fetch-retry-maxtimeout=10000'];
const watchMs = 300;

/**
 * @typedef {object} PinnedPackage one version of an npm package, of which only files are wanted
 * @property {string} name
 * @property {string} version
 * @property {string} integrity of its archive, as a lock file has it: sha512-BASE64
 * @property {number} bytes of its archive, roughly, for the progress display
 */

/**
 * Fetches a package's archive. Nothing of it is installed or run.
 * @param {object} options
 * @param {PinnedPackage} options.pinned
 * @param {string} options.folder gets the archive
 * @param {string} options.cache
 * @param {string} options.log
 * @param {(bytes: number) => void} options.onProgress what has arrived so far
 * @returns {Promise<string>} the archive, whole and with the right hash
 * @throws {SetUpError}
 */
export async function npmDownload({ pinned, folder, cache, log, onProgress }) {
  const { name, version, integrity } = pinned;
  const doing = `downloading ${name} ${version} with npm`;
  // A cache of its own, in which the archive can be seen to grow.
  const temporary = join(folder, 'npm');
  mkdirSync(temporary, { recursive: true });
  const watch = setInterval(() => onProgress(largestFile(temporary)), watchMs);
  const args = ['pack', `${name}@${version}`, ...patience, '--ignore-scripts', '--cache', temporary];
  const { ok, output } = await runTool('npm', args, { cwd: folder, log });
  clearInterval(watch);
  if (!ok) throw npmFailure(doing, output, { cache, log });
  const file = readdirSync(folder).find((entry) => entry.endsWith('.tgz'));
  if (!file)
    throw new SetUpError(
      `${doing} failed: it brought no archive; check the registry npm is configured for (npm config list)`,
    );
  const found = `sha512-${createHash('sha512')
    .update(readFileSync(join(folder, file)))
    .digest('base64')}`;
  if (found !== integrity)
    throw new SetUpError(
      `${doing} failed: ${file} has the hash ${found} instead of ${integrity}; ` +
        'ask whoever runs the registry or proxy what they changed',
    );
  return join(folder, file);
}

/**
 * @param {string} doing what failed
 * @param {string} output what npm printed
 * @param {{ cache: string, log: string }} places
 * @returns {SetUpError} one line with the mend
 */
export function npmFailure(doing, output, places) {
  if (/spawn npm ENOENT/.test(output))
    return new SetUpError(
      'npm is not found; it comes with Node from nodejs.org, on Debian and Ubuntu: apt-get install npm',
    );
  const isError = /^npm (error|ERR!) /;
  const errors = output.split('\n').filter((line) => isError.test(line));
  const telling = errors.filter((line) => !/ (code|errno|syscall) |complete log/.test(line));
  const code = /E[A-Z]{4,}/.exec(errors.find((line) => / code /.test(line)) ?? '')?.[0] ?? '';
  const said = telling.map((line) => line.replace(isError, '')).join('\n') || output;
  return explainFailure(doing, `${said}\n${code}`, places);
}
