import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder, makeProduct, productFolder, productProblem, removeLeftovers } from '../../../setup/cache.mjs';
import { explainFailure, SetUpError } from '../../../setup/errors.mjs';
import { findPython } from '../../../setup/pip.mjs';
import { BenchError } from '../bench-error.ts';
import type { Preparation } from '../contestant.ts';
import { run } from '../process-group.ts';

/** A virtual environment that a peer needs. */
export interface PythonEnvironment {
  readonly name: string;
  /** Lowest minor version of Python 3 that its packages run on. */
  readonly minorVersion: number;
  /** A file of pinned requirements. */
  readonly requirements: string;
  /** Wheels whose own, older requirements are passed over, as `package==version`. */
  readonly bare: readonly string[];
}

const installFlags = [
  '--quiet',
  '--no-input',
  '--disable-pip-version-check',
  '--no-cache-dir',
  '--only-binary',
  ':all:',
];

/**
 * Makes a virtual environment in the user's cache folder, once for all that decides what is in it.
 * @returns the path of its interpreter
 * @throws SetUpError if Python, pip, the network or disk space is missing, with the mend
 */
export async function pythonEnvironment(wanted: PythonEnvironment, { say, signal }: Preparation): Promise<string> {
  const { name, minorVersion, requirements, bare } = wanted;
  const { command, version } = findPython();
  if (Number(version.split('.')[1]) < minorVersion)
    throw new SetUpError(
      `${command} is Python ${version}; ${name}'s packages need 3.${minorVersion} or newer (PYTHON=... names another)`,
    );
  const cache = cacheFolder();
  const product = {
    name: `bench-${name}`,
    inputs: { python: identity(command), requirements: readFileSync(requirements, 'utf8'), bare: bare.join(' ') },
    trees: ['.'],
  };
  const folder = productFolder(cache, product);
  const interpreter = join('bin', 'python');
  if (productProblem(folder) === undefined) return join(folder, interpreter);

  say(`installing ${name}'s Python packages, once, into ${folder} (some GB, a few minutes)`);
  mkdirSync(cache, { recursive: true });
  removeLeftovers(cache);
  const log = join(tmpdir(), `rim-agents-bench-pip-${process.pid}.log`);
  const python = (...args: string[]): Promise<void> => run({ command, args, cwd: tmpdir() }, log, signal);
  try {
    await makeProduct(cache, product, async (place) => {
      const install = (...args: string[]): Promise<void> =>
        python('-m', 'pip', '--python', join(place, interpreter), 'install', ...installFlags, ...args);
      await python('-m', 'venv', '--without-pip', place); // Debian's Python has no pip to put into it
      await install('--requirement', requirements);
      if (bare.length > 0) await install('--no-deps', '--ignore-requires-python', ...bare);
    });
  } catch (error) {
    if (!(error instanceof BenchError)) throw error;
    throw explainFailure(`installing ${name}'s Python packages`, readFileSync(log, 'utf8'), { cache });
  } finally {
    await rm(log, { force: true });
  }
  return join(folder, interpreter);
}

/** What of a Python decides which packages fit it, and where its environments find it. */
function identity(python: string): string {
  const script = 'import sys, sysconfig; print(sys.version, sys.base_prefix, sysconfig.get_platform())';
  return execFileSync(python, ['-c', script], { encoding: 'utf8' }).trim();
}
