import type { Ale } from 'ale-wasm';
import type { PreprocessedTrace } from './ale-file.ts';
import { lastVectorFrame } from './vector-frames.ts';
import { side } from './area-mean.ts';
import { actionSource, difference, fnv } from './trace-rules.ts';

/** Frames in one observation, and emulated frames per agent step: as the traces were recorded. */
const stack = 4;
const frameSkip = 4;

/**
 * Compares observations, rewards and ends of agent steps. The step after the end of a game is a reset.
 * @param ale was just reset @param another makes another that is where `ale` is now
 * @returns the first step that differs, in words; undefined if none does
 */
export async function preprocessedDifference(
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
