// Stands in for agents/kernels/native/build.mjs.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('source.cc', import.meta.url));

export const napiVersion = 8;

export const buildInputs = () => [source];

export const findCompiler = () =>
  process.env.PATH.split(delimiter)
    .map((folder) => join(folder, 'c++'))
    .find((file) => existsSync(file));

export async function buildBinding({ tensorflowDir, outFile, onProgress }) {
  appendFileSync(process.env.FAKE_CALLS, 'binding compiled\n');
  if (readFileSync(source, 'utf8').includes('#error'))
    throw new Error('source.cc:1: error: #error as the test wants it');
  writeFileSync(outFile, readFileSync(`${tensorflowDir}/libtensorflow_cc.so.2`));
  onProgress(1, 1);
}
