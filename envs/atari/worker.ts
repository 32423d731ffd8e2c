import { parentPort, workerData } from 'node:worker_threads';
import { AleModule } from 'ale-wasm';
import { AtariGame } from './atari-game.ts';
import { commands, completeCommand, nextCommand } from './handshake.ts';
import { PoolEnvironment } from './pool-environment.ts';
import { groupOf, sharedMemory, wordStride } from './shared-memory.ts';
import type { Beginning, WorkerData, WorkerMessage } from './worker-protocol.ts';

/*
 * One thread of the pool: plays its environments, command after command, until the main thread ends it. Its event loop
 * never turns again once it is ready; what it has to say goes through shared memory, but for what it was told to save,
 * and why it fails.
 */

const { worker, size, memory, ale, autoreset, environments, roms, beginnings, taken } = workerData as WorkerData;
const shared = sharedMemory(memory, size);
const inHand = worker * wordStride;

try {
  const module = AleModule.fromShared(ale);
  const own = new Map<number, PoolEnvironment>();
  let actionMeanings: readonly string[] = [];
  for (const beginning of beginnings) {
    shared.inHand[inHand] = beginning.env;
    const game = await begun(module, beginning);
    actionMeanings = game.actionMeanings;
    own.set(beginning.env, resumed(game, beginning));
  }
  shared.inHand[inHand] = -1;
  post({ kind: 'ready', actionMeanings });
  work(own);
} catch (error) {
  post({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
}

async function begun(module: AleModule, { env, from }: Beginning): Promise<AtariGame> {
  const { game, options, seed } = setupOf(env);
  const rom = roms[game.rom];
  if (!rom) throw new RangeError(`there is no cartridge of ${game.name}`);
  return new AtariGame(await module.create(), rom, options, typeof from === 'number' ? from : seed);
}

function resumed(game: AtariGame, { env, from, played }: Beginning): PoolEnvironment {
  const environment = new PoolEnvironment(env, game, setupOf(env).options, autoreset, shared, size);
  if (typeof from !== 'number') environment.resume(from);
  environment.replay(played);
  return environment;
}

function work(own: ReadonlyMap<number, PoolEnvironment>): never {
  for (let done = taken; ; done = (done + 1) | 0) {
    const { env, kind, row } = nextCommand(shared, size, worker, done);
    const environment = own.get(env);
    if (!environment) throw new RangeError(`worker ${worker} does not play environment ${env}`);
    shared.inHand[inHand] = env;
    if (kind === commands.step) environment.step(row);
    else if (kind === commands.reset) environment.reset(row);
    else if (kind === commands.restart) environment.restart(row, shared.seeds[env] ?? 0);
    else if (kind === commands.show) environment.show(row);
    else post({ kind: 'saved', env, bytes: environment.save(row) });
    shared.inHand[inHand] = -1;
    if (kind !== commands.save) completeCommand(shared, size, worker, groupOf(env, size));
  }
}

function setupOf(env: number): WorkerData['environments'][number] {
  const setup = environments[env];
  if (!setup) throw new RangeError(`environment ${env} does not exist`);
  return setup;
}

function post(message: WorkerMessage): void {
  // Nothing is transferred: once one buffer has been, V8 looks at every access to any whether it still is there.
  parentPort?.postMessage(message);
}
