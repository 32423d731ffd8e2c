import { Random } from '../../../agents/random.ts';
import { type BallSample, packedText } from '../../../src/tasks/balls/ball-sample.ts';
import { cells, drawVideo } from '../../../src/tasks/data/bouncing-balls.ts';

/** A video of 50 frames, 15 of them seen; what was "rolled out" is another video. */
export function sampleVideo(): BallSample & { truthCells: Uint16Array; rolledOutCells: Uint16Array } {
  const random = new Random(1);
  const truthCells = drawVideo('4balls', 'equal', 50, random);
  const rolledOutCells = drawVideo('4balls', 'equal', 35, random);
  return {
    ...{ scene: '4balls', seen: 15, truthCells, rolledOutCells },
    truth: packedText(truthCells),
    rolledOut: packedText(rolledOutCells),
    active: Array.from({ length: 49 }, (_, step) => [1, step % 2, 0]),
  };
}

/** Whether pixel (y, x) of a frame is lit, from the definition of a cell. */
export function isLit(video: Uint16Array, frame: number, y: number, x: number): boolean {
  const cell = video[frame * cells + Math.floor(y / 4) * 16 + Math.floor(x / 4)] as number;
  return Math.floor(cell / 2 ** ((y % 4) * 4 + (x % 4))) % 2 === 1;
}
