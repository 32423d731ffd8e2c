import * as Plot from '@observablehq/plot';
import { type BallSample, packedFrames } from '../tasks/balls/ball-sample.ts';
import { isLit, side } from '../tasks/data/bouncing-balls.ts';
import { color } from '../view/palette.ts';
import { Sheet } from './sheet.ts';
import { modulePieces, moduleRows, timeline } from './timeline.ts';

/** Pixels. */
const heights = { strip: 170, row: 17, axis: 40 };
/** Frames that fit side by side. */
const shownFrames = 9;

/** Pixels of one row of a frame that hang together and are lit. */
interface Stretch {
  readonly frame: number;
  readonly row: string;
  readonly y: number;
  readonly from: number;
  readonly to: number;
}

/**
 * True frames above those that a network rolled out, from the last that it saw to the last of the video; below, which
 * modules were active in each step. As SVG.
 * @param name of the network
 */
export function ballStrip({ scene, seen, truth, rolledOut, active }: BallSample, name: string): string {
  const [trueFrames, ownFrames] = [packedFrames(truth), packedFrames(rolledOut)];
  const last = seen + ownFrames.length - 1;
  const frames = Array.from({ length: shownFrames }, (_, i) =>
    Math.round(seen - 1 + (i * (last - seen + 1)) / (shownFrames - 1)),
  );
  const stretches = frames.flatMap((frame) => {
    const own = frame < seen ? trueFrames[frame] : ownFrames[frame - seen];
    return [...lit(trueFrames[frame], frame, 'true'), ...lit(own, frame, 'rolled out')];
  });
  const sheet = new Sheet();
  sheet.title(`${scene}: ${seen} true frames seen, then ${ownFrames.length} rolled out`);
  sheet.note(name);
  sheet.charts([{ options: stripChart(stretches, frames, seen) }], heights.strip);
  if (active) {
    const rows = moduleRows(active);
    const { marks = [], ...options } = timeline(rows, modulePieces(active), [0, active.length]);
    const turn = Plot.ruleX([seen], { stroke: color(1), strokeWidth: 2 });
    sheet.title('Modules, dark where active; from the line on they read what was rolled out');
    sheet.charts([{ options: { ...options, marks: [...marks, turn] } }], rows.length * heights.row + heights.axis);
  }
  return sheet.toSvg();
}

function lit(frame: Uint16Array | undefined, number: number, row: string): Stretch[] {
  const stretches: Stretch[] = [];
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const from = x;
      while (x < side && frame && isLit(frame, y, x)) x++;
      if (x > from) stretches.push({ frame: number, row, y, from, to: x });
    }
  return stretches;
}

function stripChart(stretches: readonly Stretch[], frames: readonly number[], seen: number): Plot.PlotOptions {
  const panes = frames.flatMap((frame) => ['true', 'rolled out'].map((row) => ({ frame, row })));
  const facet = { fx: 'frame', fy: 'row' };
  return {
    ...{ marginLeft: 70, marginRight: 10, marginTop: 6, marginBottom: 34 },
    x: { domain: [0, side], axis: null },
    y: { domain: [side, 0], axis: null },
    fx: {
      domain: frames,
      label: 'frame',
      padding: 0.06,
      tickFormat: (frame: number) => `${frame + 1}`,
      axis: 'bottom',
    },
    fy: { domain: ['true', 'rolled out'], label: null, padding: 0.06 },
    marks: [
      Plot.frame({ fill: '#111', stroke: '#111' }),
      Plot.rect(stretches, {
        ...facet,
        ...{ x1: 'from', x2: 'to', y1: 'y', y2: ({ y }: Stretch) => y + 1 },
        fill: ({ row, frame }: Stretch) => (row === 'true' || frame < seen ? '#eee' : color(1)),
        shapeRendering: 'crispEdges',
      }),
      Plot.rect(panes, { ...facet, x1: 0, x2: side, y1: 0, y2: side, fill: 'none', stroke: '#999' }),
    ],
  };
}
