import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Preparation } from '../contestant.ts';
import { pythonEnvironment } from './python.ts';

/** Path of a file or folder beside this one. */
export const beside = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** CleanRL's own requirements are of 2022: its wheel alone is taken. */
export const cleanrlWheel = 'cleanrl==1.2.0';

/**
 * The virtual environment that all peers run in, made once.
 * @returns the path of its interpreter @throws SetUpError as {@link pythonEnvironment}
 */
export function peersPython(preparation: Preparation): Promise<string> {
  return pythonEnvironment(
    { name: 'peers', minorVersion: 11, requirements: beside('requirements.txt'), bare: [cleanrlWheel] },
    preparation,
  );
}

export const envpoolVersion = '1.2.5';

/** EnvPool's own environment: the interpreter's path. @throws SetUpError as {@link pythonEnvironment} */
export function envpoolPython(preparation: Preparation): Promise<string> {
  return pythonEnvironment(
    {
      name: 'envpool',
      minorVersion: 11,
      requirements: beside('envpool-requirements.txt'),
      bare: [`envpool==${envpoolVersion}`, 'envpool-assets==0.3.0'],
    },
    preparation,
  );
}

/** lib/python3.N/site-packages of an environment. */
export async function sitePackages(python: string): Promise<string> {
  const lib = join(dirname(dirname(python)), 'lib');
  const [version] = (await readdir(lib)).filter((name) => name.startsWith('python3.'));
  return join(lib, version ?? '', 'site-packages');
}
