// Opens and closes pools, vectors, environments and emulators, one after the other, and prints the memory that this
// process has after each tenth of them:
//
//   node --expose-gc --import tsx test/envs/atari/open-close.ts 1000
//
// The first argument is the number of cycles, the second the agent steps per rollout, whose frames are all written.
// Ends with exit code 1 where memory grew by more than the limit after the first 100 cycles (or the first half, where
// that is less), or where a thread is left.
import { getActiveResourcesInfo } from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { loadAle } from 'ale-wasm';
import { AtariPool, AtariVectorEnv, PreprocessedAtariEnv } from '../../../envs/atari/index.ts';

const cycles = Number(process.argv[2] ?? 1000);
const rolloutSteps = Number(process.argv[3] ?? 8);
const settled = Math.min(100, Math.ceil(cycles / 2));
/** MiB. Heaps and allocators breathe by less, and a thousandth of it per cycle is nothing that anybody holds. */
const limit = 64;

const ale = await loadAle();
const rom = await ale.rom('pong');

async function openAndClose(cycle: number): Promise<void> {
  const pool = await AtariPool.create({ game: 'Pong', envs: 2, workers: 2, rolloutSteps, seed: cycle });
  pool.observations.fill(1);
  await pool.reset();
  pool.send(0, 0, new Int32Array(2));
  await pool.wait(0);
  await pool.close();
  if (cycle % 2 === 0) {
    const vector = await AtariVectorEnv.create({ game: 'Pong', numEnvs: 1, workers: 1 });
    await vector.reset();
    void vector.step([0]).catch(() => undefined); // closed while a step is under way
    await vector.close();
  }
  const env = await PreprocessedAtariEnv.create({ game: 'Pong', seed: cycle });
  env.reset();
  env.close();
  const emulator = await ale.create();
  await emulator.loadRom(rom);
  emulator.act(0);
  emulator.close();
}

async function resident(cycle: number): Promise<number> {
  globalThis.gc?.();
  await setTimeout(50); // what was collected is given back by another thread
  const { rss, heapUsed, external } = process.memoryUsage();
  const [all, heap, buffers] = [rss, heapUsed, external].map((bytes) => (bytes / 2 ** 20).toFixed(1).padStart(7));
  console.log(`${cycle} cycles: ${all} MiB resident, ${heap} heap, ${buffers} external`);
  return rss / 2 ** 20;
}

let before = Infinity;
let after = 0;
for (let cycle = 1; cycle <= cycles; cycle++) {
  await openAndClose(cycle);
  if (cycle === settled) before = await resident(cycle);
  else if (cycle === cycles) after = await resident(cycle);
  else if (cycle % Math.ceil(cycles / 10) === 0) await resident(cycle);
}
const growth = after - before;
console.log(`growth from cycle ${settled} to ${cycles}: ${growth.toFixed(1)} MiB (limit ${limit})`);
const left = getActiveResourcesInfo().filter((name) => /Worker|MessagePort|Timeout/.test(name));
console.log(`left: ${left.join(', ') || 'nothing'}`);
process.exitCode = growth <= limit && left.length === 0 ? 0 : 1;
