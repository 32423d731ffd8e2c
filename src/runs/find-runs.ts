import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { isRun, kindOf, type RunKind } from './config.ts';
import { onDisk } from './disk.ts';
import { fileNames } from './file-names.ts';
import { parsedJson } from './json-files.ts';

/**
 * The runs of one kind at or below some folders, each once, in the order of their paths. A folder of a run that is
 * named is among them whatever its kind is: its reader says what is wrong with it. Links lead to runs, not to folders
 * of runs.
 * @throws UserError if a folder does not exist, or is a file
 */
export function findRuns(folders: readonly string[], kind: RunKind): string[] {
  const paths = folders.flatMap((folder) => {
    if (!existsSync(folder))
      throw new UserError(`no folder ${folder}; run folders lie in runs/, once npm run task or ppo has begun one`);
    if (isRun(folder)) return [folder];
    if (!onDisk(`read ${folder}`, () => statSync(folder)).isDirectory())
      throw new UserError(`${folder} is a file; name run folders, or folders with run folders in them`);
    return runsBelow(folder, kind);
  });
  return [...new Set(paths)];
}

function runsBelow(folder: string, kind: RunKind): string[] {
  return onDisk(`read ${folder}`, () => readdirSync(folder, { withFileTypes: true }))
    .map((entry) => [join(folder, entry.name), entry] as const)
    .filter(([path, entry]) => entry.isDirectory() || (entry.isSymbolicLink() && isRun(path)))
    .map(([path]) => path)
    .sort()
    .flatMap((path) => {
      if (!isRun(path)) return runsBelow(path, kind);
      const own = kindOf(parsedJson(join(path, fileNames.config)));
      return own === undefined || own === kind ? [path] : [];
    });
}
