import { loadAle, type Ale } from 'ale-wasm';
import { AtariPool, AtariVectorEnv } from '../../../envs/atari/index.ts';
import { congruential } from '../../../src/conformance/trace-rules.ts';
import { type Task, taskSchema } from './plan.ts';

/*
 * One measurement of our environments, in a process of its own: prints its result as one line of JSON.
 * peers/environments.py is the same for the others.
 */

const next = congruential(1);
const draw = (below: number): number => Math.floor((next() / 2 ** 32) * below);

/** Units per second: `work` does some and tells how many. A third of the time goes before it. */
async function rate(work: () => Promise<number> | number, seconds: number): Promise<number> {
  const elapsed = (begin: number): number => (performance.now() - begin) / 1000;
  for (let begin = performance.now(); elapsed(begin) < seconds / 3;) await work();
  let done = 0;
  for (const begin = performance.now(); ;) {
    done += await work();
    const spent = elapsed(begin);
    if (spent >= seconds) return done / spent;
  }
}

async function load(game: string, sticky = 0): Promise<Ale> {
  module ??= await loadAle();
  const ale = await module.create();
  ale.setSeed(1);
  ale.setRepeatActionProbability(sticky);
  await ale.loadRom(game);
  return ale;
}
let module: Awaited<ReturnType<typeof loadAle>> | undefined;

async function frames({ game, sticky, seconds }: Extract<Task, { what: 'frames' }>): Promise<number> {
  const ale = await load(game, sticky);
  const actions = ale.minimalActions();
  const screen = new Uint8Array(ale.screen.length);
  return rate(() => {
    for (let i = 0; i < 50; i++) {
      if (ale.gameOver) ale.resetGame();
      ale.act(actions[draw(actions.length)] ?? 0);
      screen.set(ale.screen);
    }
    return 50;
  }, seconds);
}

async function preprocessing({ game, seconds }: Extract<Task, { what: 'preprocessing' }>): Promise<number> {
  const ale = await load(game);
  const actions = ale.minimalActions();
  let [spent, made] = [0, 0];
  while (spent < seconds) {
    for (let i = 0; i < 5; i++) {
      if (ale.gameOver) ale.resetGame();
      ale.act(actions[draw(actions.length)] ?? 0);
    }
    const begin = performance.now();
    for (let i = 0; i < 100; i++) ale.observeScreen();
    spent += (performance.now() - begin) / 1000;
    made += 100;
  }
  return made / spent;
}

async function instances({ game, count }: Extract<Task, { what: 'instances' }>): Promise<object> {
  const kept = [await load(game), await load(game)];
  const [before, begin] = [process.memoryUsage.rss(), performance.now()];
  for (let i = 0; i < count; i++) kept.push(await load(game));
  const seconds = (performance.now() - begin) / 1000;
  return { bytes: (process.memoryUsage.rss() - before) / count, seconds: seconds / count };
}

async function steps(task: Extract<Task, { what: 'steps' }>): Promise<number> {
  return task.by === 'pool' ? poolSteps(task) : vectorSteps(task);
}

/** That a vector plays before its memory is looked at, so that it has taken what it takes. */
const memorySteps = 20;

/** One more vector beside a small one, per environment. */
async function memory({ by, envs, threads }: Extract<Task, { what: 'memory' }>): Promise<object> {
  const played = by === 'pool' ? playedPool : playedVector;
  const small = await played(2, threads);
  const [before, begin] = [process.memoryUsage.rss(), performance.now()];
  const large = await played(envs, threads);
  const seconds = (performance.now() - begin) / 1000;
  const bytes = process.memoryUsage.rss() - before;
  await Promise.all([small.close(), large.close()]);
  return { bytes: bytes / envs, seconds: seconds / envs };
}

/** A pool with the shortest of rollouts: the frames of a longer one are the trainer's. */
async function playedPool(envs: number, workers: number): Promise<AtariPool> {
  const short = { rolloutSteps: 1, snapshotEvery: memorySteps };
  const pool = await AtariPool.create({ game: 'breakout', envs, workers, seed: 1, ...short });
  await pool.reset();
  for (let i = 0; i < memorySteps; i++) {
    pool.send(0, 0, new Int32Array(envs));
    await pool.wait(0);
    pool.rollover();
  }
  return pool;
}

async function playedVector(numEnvs: number, workers: number): Promise<AtariVectorEnv> {
  const vector = await AtariVectorEnv.create({ game: 'breakout', numEnvs, workers, snapshotEvery: memorySteps });
  await vector.reset();
  for (let i = 0; i < memorySteps; i++) await vector.step(new Int32Array(numEnvs));
  return vector;
}

/** The trainer's pool, whose observations are the rows of a rollout. */
async function poolSteps({ envs, threads, seconds }: Extract<Task, { what: 'steps' }>): Promise<number> {
  const rolloutSteps = 64;
  const pool = await AtariPool.create({ game: 'breakout', envs, workers: threads, seed: 1, rolloutSteps });
  const actions = new Int32Array(envs);
  await pool.reset();
  let t = 0;
  const perSecond = await rate(async () => {
    for (let env = 0; env < envs; env++) actions[env] = draw(pool.actions);
    pool.send(0, t, actions);
    await pool.wait(0);
    t = (t + 1) % rolloutSteps;
    if (t === 0) {
      pool.rollover();
      pool.takeEpisodes();
    }
    return envs;
  }, seconds);
  await pool.close();
  return perSecond;
}

async function vectorSteps({ envs, batch, threads, seconds }: Extract<Task, { what: 'steps' }>): Promise<number> {
  const vector = await AtariVectorEnv.create({ game: 'breakout', numEnvs: envs, batchSize: batch, workers: threads });
  const actions = new Int32Array(batch);
  let { envIds } = await vector.reset();
  const perSecond = await rate(async () => {
    for (let i = 0; i < batch; i++) actions[i] = draw(vector.actionMeanings.length);
    vector.send(actions, envIds);
    ({ envIds } = await vector.recv());
    return batch;
  }, seconds);
  await vector.close();
  return perSecond;
}

function measure(task: Task): Promise<number | object> {
  if (task.what === 'frames') return frames(task);
  if (task.what === 'preprocessing') return preprocessing(task);
  if (task.what === 'memory') return memory(task);
  return task.what === 'instances' ? instances(task) : steps(task);
}

const result = await measure(taskSchema.parse(JSON.parse(process.argv[2] ?? '')));
process.stdout.write(`${JSON.stringify({ result })}\n`);
