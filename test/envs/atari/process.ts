// Run by failure.test.ts in a process of its own: opens a pool and does what its argument says.
import { setTimeout } from 'node:timers/promises';
import { AtariPool } from '../../../envs/atari/index.ts';

const [, , what] = process.argv;
const pool = await AtariPool.create({ game: 'Pong', envs: 4, workers: 2, groups: 2, rolloutSteps: 8, seed: 1 });
await pool.reset();
const actions = new Int32Array(pool.count);
const step = async (t: number): Promise<void> => {
  pool.send(0, t, actions);
  pool.send(1, t, actions);
  await pool.wait(0);
  await pool.wait(1);
};

if (what === 'exit-idle') process.exit(3);
if (what === 'exit-busy') {
  pool.send(0, 0, actions);
  process.exit(3);
}
if (what === 'throw') {
  pool.send(0, 0, actions);
  throw new Error('of another origin');
}
if (what === 'close') {
  await step(0);
  await Promise.all([pool.close(), pool.close()]);
  await pool.close();
  console.log('closed');
}
if (what === 'close-restoring') {
  const saved = await pool.save();
  for (const wait of [0, 30, 300]) {
    // While the new threads are made, while they load, and when they are about to take over, or have.
    const other = await AtariPool.create({ game: 'Pong', envs: 4, workers: 2, rolloutSteps: 8, seed: 1 });
    const restoring = other.restore(saved).then(
      () => 'the environments are closed', // it was in time
      (error: Error) => error.message,
    );
    await setTimeout(wait);
    await other.close();
    console.log(`closed: ${await restoring}`);
  }
  await pool.close();
}
if (what === 'interrupt') {
  let stopping = false;
  process.on('SIGINT', () => (stopping = true));
  console.log('playing');
  for (let t = 0; !stopping; t = (t + 1) % 8) await step(t);
  await pool.close();
  console.log('stopped');
}
if (what === 'cpu') {
  // Workers that wait for work, and a trainer that waits for workers, cost nothing.
  await step(0);
  let share = 1;
  // The least of some spells: what the start left behind, such as the compiler's threads, is not waiting's cost.
  for (let spell = 0; spell < 5; spell++) {
    const [before, began] = [process.cpuUsage(), performance.now()];
    await setTimeout(200);
    const { user, system } = process.cpuUsage(before);
    share = Math.min(share, (user + system) / 1000 / (performance.now() - began));
  }
  console.log(share.toFixed(3));
  await pool.close();
}
