// @ts-check
// node setup/run.mjs FILE.ts ARGUMENTS: sets up what is missing, then runs FILE in
// this process. Without FILE it only sets up.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { requireNode } from './node-version.mjs';

requireNode();
const { setUpOrExit } = await import('./set-up.mjs');
await setUpOrExit();

const [file, ...rest] = process.argv.slice(2);
if (file) {
  const { register } = await import('tsx/esm/api');
  register();
  const path = resolve(file);
  process.argv = [process.argv0, path, ...rest];
  await import(pathToFileURL(path).href);
}
