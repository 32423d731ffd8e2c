// node setup/run.mjs test/envs/ale-wasm/soak.ts --frames 10000000 --games 20 --seed 1
// Of each game one emulator plays on while another, with the same actions, is saved and restored at random moments:
// after a detour, or into a fresh emulator. Both must stay equal to the last bit. Sticky actions are on; the seed draws
// mode, difficulty, and whether there is sound. A stretch between two saves is played frame by frame or in agent steps.
// Prints a line per game, last the sum; exit code 1 if anything differed. `--frames` is what each of the two plays, in
// all games.
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { games, loadAle, type Ale, type AleModule } from 'ale-wasm';
import { draws } from '../../draws.ts';

interface Job {
  game: string;
  frames: number;
  seed: number;
}

/** How a game is played. */
interface Setup {
  game: string;
  mode: number;
  difficulty: number;
  sound: boolean;
}

interface Result {
  game: string;
  frames: number;
  episodes: number;
  saves: number;
  restores: number;
  fresh: number;
  bytes: number;
  /** What differed first. */
  differences: string[];
}

async function emulator(module: AleModule, { game, mode, difficulty, sound }: Setup, seed: number): Promise<Ale> {
  const ale = await module.create();
  ale.setSeed(seed);
  ale.setRepeatActionProbability(0.25);
  ale.setSound(sound);
  await ale.loadRom(game);
  ale.setMode(mode);
  ale.setDifficulty(difficulty);
  ale.resetGame();
  return ale;
}

/** Draws how a game is played. */
async function drawSetup(module: AleModule, game: string, below: (count: number) => number): Promise<Setup> {
  const ale = await module.create();
  await ale.loadRom(game);
  const pick = (list: number[]) => list[below(list.length)]!;
  const setup = { game, mode: pick(ale.availableModes()), difficulty: pick(ale.availableDifficulties()) };
  ale.close();
  return { ...setup, sound: below(2) === 0 };
}

/** What differs between two emulators that should be equal. */
function difference(one: Ale, other: Ale): string | undefined {
  const counts = (ale: Ale) => [ale.lives, ale.frameNumber, ale.episodeFrameNumber, ale.gameOver].join();
  if (counts(one) !== counts(other)) return `${counts(one)} against ${counts(other)}`;
  if (Buffer.compare(one.ram, other.ram) !== 0) return 'RAM';
  if (Buffer.compare(one.screen, other.screen) !== 0) return 'screen';
  if (Buffer.compare(one.observation, other.observation) !== 0) return 'observation';
  if (one.agentStepFrames !== other.agentStepFrames) return 'frames of the agent step';
  if (Buffer.compare(one.audio, other.audio) !== 0) return 'sound';
  return undefined;
}

async function soak(module: AleModule, { game, frames, seed }: Job, onFrames: (done: number) => void): Promise<Result> {
  const result: Result = { game, frames: 0, episodes: 0, saves: 0, restores: 0, fresh: 0, bytes: 0, differences: [] };
  const below = draws(seed * 104729 + game.length);
  const setup = await drawSetup(module, game, below);
  const straight = await emulator(module, setup, seed);
  let other = await emulator(module, setup, seed);
  /** One frame, or an agent step of `skip`. */
  const act = (ale: Ale, action: number, skip = 0) => {
    const [joystick, strength] = [action % 18, (action >>> 5) / 2048];
    const reward = skip > 0 ? ale.agentStep(joystick, skip, strength) : ale.act(joystick, strength);
    const over = ale.gameOver;
    if (over) ale.resetGame();
    return over ? reward + 0.5 : reward;
  };
  while (result.frames < frames && result.differences.length === 0) {
    const stretch = Math.min(1 + below(400), frames - result.frames);
    const skip = below(2) * 4;
    let played = 0;
    while (played < stretch) {
      const action = below(65536);
      const reward = act(straight, action, skip);
      if (act(other, action, skip) !== reward) result.differences.push(`reward in frame ${straight.frameNumber}`);
      if (!Number.isInteger(reward)) result.episodes++;
      played += skip > 0 ? straight.agentStepFrames : 1;
    }
    result.frames += played;
    onFrames(played);
    const found = difference(straight, other);
    if (found !== undefined) result.differences.push(`${found} at frame ${straight.frameNumber}`);

    const snapshot = other.saveState();
    result.saves++;
    result.bytes += snapshot.length;
    if (below(10) === 0) {
      other.close();
      other = await emulator(module, setup, below(1000));
      result.fresh++;
    } else {
      for (let i = below(60); i > 0; i--) act(other, below(65536), skip);
    }
    other.restoreState(snapshot);
    result.restores++;
    const wrong = difference(straight, other);
    if (wrong !== undefined) result.differences.push(`${wrong} after a restore at frame ${straight.frameNumber}`);
    if (result.saves % 16 === 0 && Buffer.compare(straight.saveState(), snapshot) !== 0) {
      result.differences.push(`snapshot at frame ${straight.frameNumber}`);
    }
  }
  straight.close();
  other.close();
  return result;
}

/** Works off the jobs that are posted, and posts results, and frames in between. */
async function work(): Promise<void> {
  const module = await loadAle();
  parentPort!.on('message', (job: Job) => {
    void soak(module, job, (done) => parentPort!.postMessage(done)).then((result) => parentPort!.postMessage(result));
  });
}

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      frames: { type: 'string', default: '100000' },
      games: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      threads: { type: 'string', default: '2' },
    },
  });
  const [frames, count, seed, threads] = [values.frames, values.games, values.seed, values.threads].map(Number);
  const all = games();
  const jobs = Array.from({ length: count! }, (_, i): Job => {
    const game = all[(Math.floor((i * all.length) / count!) + seed!) % all.length]!;
    return { game, frames: Math.ceil(frames! / count!), seed: seed! + i };
  });
  const results: Result[] = [];
  let done = 0;
  let shown = 0;
  const line = (r: Omit<Result, 'game' | 'bytes' | 'differences'>) =>
    `${r.frames} frames, ${r.episodes} episodes, ${r.saves} saves, ` +
    `${r.restores} restores (${r.fresh} into a fresh emulator)`;
  const worker = () =>
    new Promise<void>((resolve, reject) => {
      const thread = new Worker(new URL('soak-entry.mjs', import.meta.url));
      const next = () => {
        const job = jobs.shift();
        if (job) thread.postMessage(job);
        else void thread.terminate().then(() => resolve());
      };
      thread.on('error', reject);
      thread.on('message', (message: number | Result) => {
        if (typeof message === 'number') {
          done += message;
          if (done - shown < frames! / 100) return;
          shown = done;
          console.error(`${((100 * done) / frames!).toFixed(0)} %, ${done} frames`);
          return;
        }
        results.push(message);
        const { game, bytes, saves, differences } = message;
        console.log(
          `${game}: ${line(message)}, ${Math.round(bytes / saves)} bytes each, ${differences.length} differences`,
        );
        for (const found of differences) console.log(`  ${found}`);
        next();
      });
      next();
    });
  await Promise.all(Array.from({ length: threads! }, worker));
  const sum = (key: 'frames' | 'episodes' | 'saves' | 'restores' | 'fresh') =>
    results.reduce((total, result) => total + result[key], 0);
  const differences = results.reduce((total, result) => total + result.differences.length, 0);
  const plays = { frames: sum('frames'), episodes: sum('episodes') };
  const states = { saves: sum('saves'), restores: sum('restores'), fresh: sum('fresh') };
  console.log(`${results.length} games: ${line({ ...plays, ...states })}, ${differences} differences`);
  process.exitCode = differences > 0 ? 1 : 0;
}

await (isMainThread ? run() : work());
