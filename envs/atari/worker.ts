import { parentPort, workerData } from 'node:worker_threads';
import { AleModule } from 'ale-wasm';
import { AtariGame } from './atari-game.ts';
import { finishJob, nextJob } from './handshake.ts';
import { RolloutRow } from './rollout-row.ts';
import { sharedRollout } from './shared-rollout.ts';
import { groupOf, workerOf, type WorkerData, type WorkerMessage } from './worker-protocol.ts';

/*
 * One thread of the pool: plays its environments, job after job, until the trainer ends the thread. Its event loop
 * never turns again once it is ready; what it has to say goes through shared memory, but for why it fails.
 */

const { worker, size, memory, ale, rom, options, seeds } = workerData as WorkerData;
const shared = sharedRollout(memory, size);

try {
  const module = AleModule.fromShared(ale);
  const games = new Map<number, AtariGame>();
  for (const [env, seed] of seeds.entries()) {
    if (workerOf(env, size) !== worker) continue;
    shared.inHand[worker] = env;
    games.set(env, new AtariGame(await module.create(), rom, options, seed));
  }
  shared.inHand[worker] = -1;
  tell({ kind: 'ready', actionMeanings: games.get(worker)?.actionMeanings ?? [] });
  work([...games].map(([env, playing]) => new RolloutRow(env, seeds[env] ?? 0, playing, options, shared)));
} catch (error) {
  tell({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
}

function work(rows: readonly RolloutRow[]): never {
  for (let taken = 0; ; taken = (taken + 1) | 0) {
    const { group, t } = nextJob(shared, taken);
    for (const row of rows) {
      if (groupOf(row.env, size) !== group) continue;
      shared.inHand[worker] = row.env;
      row.play(t);
    }
    shared.inHand[worker] = -1;
    finishJob(shared, group);
  }
}

function tell(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}
