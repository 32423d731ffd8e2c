import type { Ale } from 'ale-wasm';
import type { RawTrace } from './ale-file.ts';
import { actionSource, difference, fnv } from './trace-rules.ts';

/**
 * Compares frames, RAM, rewards, lives and ends, on an emulator that was just reset.
 * @returns the first mark that differs, in words; undefined if none does
 */
export function rawDifference(ale: Ale, trace: RawTrace): string | undefined {
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
