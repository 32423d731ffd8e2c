// @ts-check
// Downloads through pip: it knows the user's mirrors, proxies and certificates. Each file is checked against its hash.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sha256OfFile } from './cache.mjs';
import { explainFailure, SetUpError } from './errors.mjs';
import { runTool } from './tool.mjs';

const pythonDir = fileURLToPath(new URL('python', import.meta.url));
const watchMs = 300;
const attempts = 3;
/** What pip says of a download that began and did not end; it does not try again by itself. */
const brokenOff = /IncompleteRead|Read timed out|ProtocolError|incomplete-download/;

/** @typedef {{ command: string, version: string, pip: string }} Python */

/**
 * The first of $PYTHON, python3, python that is a Python 3.8 or newer with pip.
 * @returns {Python}
 * @throws {SetUpError} if there is none, with the mend
 */
export function findPython(env = process.env) {
  const problems = [];
  for (const command of env.PYTHON ? [env.PYTHON] : ['python3', 'python']) {
    const version = ask(command, ['-c', 'import sys; print("%d.%d.%d" % sys.version_info[:3])'], env);
    if (!version) continue;
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (major < 3 || (major === 3 && minor < 8)) {
      problems.push(
        `${command} is Python ${version}, 3.8 or newer is needed; install one: apt-get install python3 python3-pip`,
      );
      continue;
    }
    const pip = ask(command, ['-m', 'pip', '--version'], env)?.split(' ')[1];
    if (pip) return { command, version, pip };
    problems.push(
      `${command} (Python ${version}) has no pip; install it: apt-get install python3-pip, or ${command} -m ensurepip`,
    );
  }
  const asked = env.PYTHON ? `PYTHON=${env.PYTHON}` : 'python3, python';
  throw new SetUpError(
    problems[0] ?? `no Python 3 found (looked for ${asked}); install it with pip: apt-get install python3 python3-pip`,
  );
}

/**
 * @param {object} options
 * @param {Python} options.python
 * @param {import('./versions.mjs').Download} options.download
 * @param {string} options.folder gets the file
 * @param {string[]} options.args more arguments for `pip download`
 * @param {string} options.cache
 * @param {string} options.log
 * @param {(bytes: number) => void} options.onProgress what has arrived so far
 * @returns {Promise<string>} the file, whole and with the right hash
 * @throws {SetUpError}
 */
export async function pipDownload({ python, download, folder, args, cache, log, onProgress }) {
  const file = join(folder, download.file);
  const temporary = join(folder, 'pip');
  const doing = `downloading ${download.requirement} with pip`;
  let problem = new SetUpError(`${doing} failed`);
  for (let attempt = 1; attempt <= attempts; attempt++) {
    mkdirSync(temporary, { recursive: true });
    const watch = setInterval(() => onProgress(largestFile(folder)), watchMs);
    const command = [
      '-m',
      'pip',
      'download',
      '--no-deps',
      '--no-cache-dir',
      '--disable-pip-version-check',
      '--progress-bar',
      'off',
      '--retries',
      '2',
    ];
    const { ok, output } = await runTool(python.command, [...command, '-d', folder, ...args, download.requirement], {
      // pip downloads into TMPDIR first: beside the target, as /tmp may be small, and so that progress can be seen.
      env: { ...process.env, ...pipEnvironment(), TMPDIR: temporary },
      log,
    });
    clearInterval(watch);
    rmSync(temporary, { recursive: true, force: true });
    if (ok && existsSync(file)) {
      const found = await sha256OfFile(file);
      if (found === download.sha256) return file;
      problem = new SetUpError(
        `${doing} failed: ${download.file} has SHA-256 ${found} instead of ${download.sha256}; ` +
          `it was fetched ${attempts} times, so ask whoever runs the package index or proxy what they changed`,
      );
    } else if (ok) {
      throw new SetUpError(
        `${doing} failed: pip brought ${readdirSync(folder).join(', ') || 'nothing'} instead of ${download.file}; ` +
          `check the index that pip is configured for (pip config list)`,
      );
    } else {
      problem = explainFailure(doing, output, { cache, log });
      if (!brokenOff.test(output)) throw problem;
    }
    rmSync(file, { force: true });
  }
  throw problem;
}

/**
 * Unpacks a wheel or a .tar.gz.
 * @param {object} options
 * @param {Python} options.python
 * @param {string} options.archive
 * @param {string} options.folder
 * @param {number} options.strip leading folders to take off the names
 * @param {string[]} [options.filters] --only PREFIX, --except PREFIX
 * @param {string} options.cache
 * @param {string} options.log
 * @param {(done: number, total: number) => void} options.onProgress bytes
 */
export async function unpack({ python, archive, folder, strip, filters = [], cache, log, onProgress }) {
  const { ok, output } = await runTool(
    python.command,
    [join(pythonDir, 'unpack.py'), archive, folder, String(strip), ...filters],
    {
      env: { ...process.env, ...pipEnvironment() },
      onLine: (line) => {
        const [done, total] = line.split(' ').map(Number);
        if (done && total) onProgress(done, total);
      },
    },
  );
  if (!ok) throw explainFailure(`unpacking ${archive}`, lastLine(output), { cache, log });
}

/** Ours first on Python's path: it holds the stand-in for ale-py's build backend. */
function pipEnvironment() {
  return {
    PYTHONPATH: [pythonDir, process.env.PYTHONPATH].filter(Boolean).join(delimiter),
    PYTHONDONTWRITEBYTECODE: '1',
    PIP_NO_INPUT: '1',
    PIP_REQUIRE_VIRTUALENV: '0',
  };
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | undefined} what it prints
 */
function ask(command, args, env) {
  try {
    return execFileSync(command, args, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

/** @param {string} folder @returns {number} bytes of the largest file below it */
export function largestFile(folder) {
  let largest = 0;
  try {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) largest = Math.max(largest, statSync(join(entry.parentPath, entry.name)).size);
  } catch {
    // the files are moved while we look
  }
  return largest;
}

/** @param {string} text */
function lastLine(text) {
  return text.trim().split('\n').at(-1) ?? '';
}
