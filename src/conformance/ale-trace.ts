import type { Ale, AleModule } from 'ale-wasm';
import { resolveGame } from '../../envs/atari/index.ts';
import { isUserError } from '../errors.ts';
import type { AleTrace, PreprocessedTrace, RawTrace } from './ale-file.ts';
import { lastVectorFrame } from './ale-frames.ts';
import { side } from './area-mean.ts';

/** Frames in one observation, and emulated frames per agent step: as the traces were recorded. */
const stack = 4;
const frameSkip = 4;

/**
 * Plays a trace again.
 * @returns the first difference, in words: what was expected and what came; undefined if all is equal
 */
export async function traceDifference(module: AleModule, trace: AleTrace): Promise<string | undefined> {
  try {
    const ale = await emulator(module, trace);
    try {
      return trace.kind === 'raw'
        ? rawDifference(ale, trace)
        : await preprocessedDifference(ale, trace, () => emulator(module, trace));
    } finally {
      ale.close();
    }
  } catch (error) {
    if (isUserError(error)) return error.message;
    throw error;
  }
}

async function emulator(
  module: AleModule,
  trace: { game: string; seed: number; repeatActionProbability: number },
): Promise<Ale> {
  const { rom } = resolveGame(trace.game);
  const ale = await module.create();
  ale.setSeed(trace.seed);
  ale.setRepeatActionProbability(trace.repeatActionProbability);
  await ale.loadRom(rom);
  // The traces begin with a reset: M6532 draws its timer's start from a generator, so a second episode may differ.
  ale.resetGame();
  return ale;
}

/** Frames, RAM, rewards, lives and ends. */
function rawDifference(ale: Ale, trace: RawTrace): string | undefined {
  const { minimalActions, screen, every, marks, seed } = trace;
  const before =
    difference('minimal actions', minimalActions, ale.minimalActions()) ??
    difference('screen (height, width)', screen, [ale.screenHeight, ale.screenWidth]);
  if (before !== undefined) return before;
  const nextAction = actionSource(seed, minimalActions);
  let reward = 0;
  let resets = 0;
  for (const [i, mark] of marks.entries()) {
    for (let frame = 0; frame < every; frame++) {
      reward += ale.act(nextAction());
      if (!ale.gameOver) continue;
      ale.resetGame();
      resets++;
    }
    const came = [fnv(ale.screen), fnv(ale.ram), reward, ale.lives, resets];
    const names = ['screen hash', 'RAM hash', 'summed reward', 'lives', 'resets'];
    const wrong = names.flatMap((name, field) => difference(name, mark[field], came[field]) ?? []);
    if (wrong.length > 0) return `mark ${i} (frame ${(i + 1) * every}): ${wrong.join('; ')}`;
  }
  return undefined;
}

/**
 * Observations, rewards and ends of agent steps. The step after the end of a game is a reset.
 * @param another makes an emulator that is where `ale` is now
 */
async function preprocessedDifference(
  ale: Ale,
  trace: PreprocessedTrace,
  another: () => Promise<Ale>,
): Promise<string | undefined> {
  const nextAction = actionSource(trace.seed, ale.minimalActions());
  const played: number[] = [];
  const frames = new Uint8Array(stack * side * side);
  const hashWith = (newest: Uint8Array): number => {
    frames.copyWithin(0, side * side);
    frames.set(newest, (stack - 1) * side * side);
    return fnv(frames);
  };
  ale.observeScreen();
  const first = difference('observation hash', trace.observationHashes[0], hashWith(ale.observation));
  if (first !== undefined) return `after the reset: ${first}`;
  for (const [step, reward] of trace.rewards.entries()) {
    played.push(nextAction());
    let came = 0;
    if (ale.gameOver) {
      ale.resetGame();
      ale.observeScreen();
      frames.fill(0);
    } else came = ale.agentStep(played.at(-1) as number, frameSkip);
    const newest = ale.gameOver ? lastVectorFrame(await another(), played, frameSkip) : ale.observation;
    const wrong = [
      difference('observation hash', trace.observationHashes[step + 1], hashWith(newest)),
      difference('reward', reward, came),
      difference('terminated', trace.terminated[step], ale.gameOver),
    ].filter((one) => one !== undefined);
    if (wrong.length > 0) return `step ${step}: ${wrong.join('; ')}`;
  }
  return undefined;
}

function difference(name: string, expected: unknown, came: unknown): string | undefined {
  const [wanted, found] = [JSON.stringify(expected), JSON.stringify(came)];
  return wanted === found ? undefined : `${name} ${wanted} expected, ${found} came`;
}

/** FNV-1a, 32 bits. */
export function fnv(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** The traces' random actions: a linear congruential generator, of which the upper half chooses. */
export function actionSource<T>(seed: number, actions: readonly T[]): () => T {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return actions[(state >>> 16) % actions.length] as T;
  };
}
