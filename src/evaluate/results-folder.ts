import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from '../errors.ts';
import { quoted } from '../text/words.ts';

/**
 * Where the results of an agent go: into the folder of the run or bundle, or beside the ONNX file.
 * @throws UserError where there is nothing
 */
export function resultsFolder(agent: string): string {
  const found = statSync(agent, { throwIfNoEntry: false });
  if (!found) throw new UserError(`no folder or file ${quoted(agent)}; run folders lie in runs/`);
  return found.isFile() ? dirname(agent) : agent;
}
