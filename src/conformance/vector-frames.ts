// What ale-py's AtariVectorEnv shows where a game ends within a step. It leaves the skipped frames at once, before it
// has looked at the last one, and then pools what its two buffers hold: frames of the step before. We show a learner
// the real last frames, so for the comparison the stale ones are made again, frame by frame.
import type { Ale } from 'ale-wasm';
import { areaMean } from './area-mean.ts';

/**
 * Plays agent steps frame by frame, as the vector environment does, on an emulator that was just reset.
 * @param actions one per step; where a game has ended before, the step is a reset instead
 * @returns (84, 84): the newest frame of the last observation
 */
export function lastVectorFrame(ale: Ale, actions: readonly number[], frameSkip: number): Uint8Array {
  // Of the last two frames, the newer first; the newer is kept pooled, as the vector environment pools in place.
  let [newer, older] = [ale.screenGray().slice(), blank(ale)];
  for (const action of actions) {
    if (ale.gameOver) {
      ale.resetGame();
      [newer, older] = [ale.screenGray().slice(), blank(ale)];
      continue;
    }
    for (let left = frameSkip; left > 0; left--) {
      ale.act(action);
      if (ale.gameOver) break;
      if (left === 2) older = ale.screenGray().slice();
      if (left === 1) newer = ale.screenGray().slice();
    }
    newer = newer.map((pixel, i) => Math.max(pixel, older[i] as number));
  }
  return areaMean(newer, ale.screenHeight, ale.screenWidth);
}

function blank(ale: Ale): Uint8Array {
  return new Uint8Array(ale.screenHeight * ale.screenWidth);
}
