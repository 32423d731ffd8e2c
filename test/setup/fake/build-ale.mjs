// Stands in for envs/ale-wasm/build/build.mjs.
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('source.cc', import.meta.url));

export const buildInputs = () => [source];

export async function buildAle({ sourceDir, outDir, onProgress }) {
  appendFileSync(process.env.FAKE_CALLS, 'ale compiled\n');
  mkdirSync(outDir, { recursive: true });
  onProgress(1, 2);
  writeFileSync(`${outDir}/ale.wasm`, readFileSync(source, 'utf8') + readFileSync(`${sourceDir}/version.txt`, 'utf8'));
  await sleep(Number(process.env.FAKE_COMPILE_MS ?? 0));
  onProgress(2, 2);
}
