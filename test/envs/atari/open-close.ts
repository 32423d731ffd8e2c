// Opens and closes pools, one after the other, and prints the memory that this process has after each tenth of them:
//
//   node --expose-gc --import tsx test/envs/atari/open-close.ts 1000
//
// The first argument is the number of cycles, the second the agent steps per rollout, whose frames are all written.
import { getActiveResourcesInfo } from 'node:process';
import { AtariPool, AtariVectorEnv } from '../../../envs/atari/index.ts';

const cycles = Number(process.argv[2] ?? 1000);
const rolloutSteps = Number(process.argv[3] ?? 8);

const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(1).padStart(7);

for (let cycle = 1; cycle <= cycles; cycle++) {
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
  if (cycle > 4 && cycle % Math.max(1, Math.floor(cycles / 10)) !== 0) continue;
  globalThis.gc?.();
  await new Promise((resolve) => setTimeout(resolve, 50)); // what was collected is given back by another thread
  const { rss, heapUsed, external } = process.memoryUsage();
  console.log(`${cycle} cycles: ${mib(rss)} MiB resident, ${mib(heapUsed)} heap, ${mib(external)} external`);
}
const left = getActiveResourcesInfo().filter((name) => /Worker|MessagePort|Timeout/.test(name));
console.log(`left: ${left.join(', ') || 'nothing'}`);
