import { videoEncoder } from 'gym-js';
import { type BallSample, packedFrames } from '../tasks/balls/ball-sample.ts';
import { isLit, side } from '../tasks/data/bouncing-balls.ts';

/** Pixels of the picture along a side of a pixel of a frame, and between and around the two panes. */
const scale = 3;
const gap = 6;
const pane = side * scale;
const width = 2 * pane + 3 * gap;
const height = pane + 2 * gap;
/** Frames per second. */
const fps = 10;

/** [red, green, blue] */
const colors = { ground: [153, 153, 153], dark: [17, 17, 17], lit: [238, 238, 238], rolledOut: [230, 159, 0] } as const;

/**
 * A video's true frames on the left, on the right what a network made of it: the frames that it saw, then, in another
 * colour, those that it rolled out. As an animated GIF without end.
 */
export async function ballGif({ seen, truth, rolledOut }: BallSample): Promise<Uint8Array> {
  const [trueFrames, ownFrames] = [packedFrames(truth), packedFrames(rolledOut)];
  const encoder = await videoEncoder('gif');
  try {
    encoder.begin(width, height, fps);
    for (const [i, frame] of trueFrames.slice(0, seen + ownFrames.length).entries()) {
      const own = ownFrames[i - seen];
      const data = new Uint8Array(width * height * 3);
      for (let at = 0; at < data.length; at += 3) data.set(colors.ground, at);
      drawPane(data, gap, frame, colors.lit);
      drawPane(data, 2 * gap + pane, own ?? frame, own ? colors.rolledOut : colors.lit);
      encoder.add({ data, width, height });
    }
    return encoder.end();
  } finally {
    encoder.close();
  }
}

/** @param left of the pane in the picture `data`, (height, width, 3) */
function drawPane(data: Uint8Array, left: number, frame: Uint16Array, lit: readonly number[]): void {
  for (let y = 0; y < pane; y++)
    for (let x = 0; x < pane; x++) {
      const color = isLit(frame, Math.floor(y / scale), Math.floor(x / scale)) ? lit : colors.dark;
      data.set(color, ((y + gap) * width + left + x) * 3);
    }
}
