import type { Ale, AleModule } from 'ale-wasm';
import { resolveGame } from '../../envs/atari/index.ts';
import { isUserError } from '../errors.ts';
import type { AleTrace } from './ale-file.ts';
import { preprocessedDifference } from './preprocessed-trace.ts';
import { rawDifference } from './raw-trace.ts';

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
