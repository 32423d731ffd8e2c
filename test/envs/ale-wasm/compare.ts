// node setup/run.mjs test/envs/ale-wasm/compare.ts FILE [GAME...]: plays all runs of a file that test/oracle/ale-py.py
// made. Prints a line per game and last how many runs equal, exit code 1 if one does not.
import { readFileSync } from 'node:fs';
import { loadAle } from 'ale-wasm';
import { compareGame, type Recording } from './recorded.ts';

const [file = 'test/oracle/ale-py.json', ...named] = process.argv.slice(2);
const recording = JSON.parse(readFileSync(file, 'utf8')) as Recording;
const module = await loadAle();
let played = 0;
let differing = 0;
for (const game of named.length > 0 ? named : Object.keys(recording.games)) {
  const result = await compareGame(module, recording, game, 1);
  played += result.runs;
  differing += result.differing.length;
  console.log(`${game}: ${result.runs} runs, ${result.differing.length} differ`);
  for (const run of result.differing) console.log(`  ${run}`);
}
console.log(`${played - differing} runs equal, ${differing} differ`);
process.exitCode = differing > 0 ? 1 : 0;
