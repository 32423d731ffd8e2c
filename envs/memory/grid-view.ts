import { type Cell, cellAt, nothing, objects, type Room, steps } from './grid-room.ts';

/** Cells along one side of what the agent sees; it stands in the middle of the nearest row. */
export const viewSize = 7;
/** Per cell: object, colour, state. */
export const cellChannels = 3;

/**
 * What the agent sees, as MiniGrid encodes it: uint8 (7, 7, 3), column by column from the left, each from the furthest
 * row to the agent's own, of each cell its object, colour and state. A cell behind a wall is unseen, all 0. The agent's
 * own cell shows what it carries.
 */
export function egocentricView(room: Room, carried: Readonly<Cell> | null): Uint8Array {
  const own = (viewSize - 1) / 2;
  const image = new Uint8Array(viewSize * viewSize * cellChannels);
  const seen = lineOfSight((i, j) => at(room, i, j).object === objects.wall);
  for (let i = 0; i < viewSize; i++) {
    for (let j = 0; j < viewSize; j++) {
      if (!seen[i * viewSize + j]) continue;
      const isOwn = i === own && j === viewSize - 1;
      const { object, color } = isOwn ? (carried ?? nothing) : at(room, i, j);
      image.set([object, color, 0], (i * viewSize + j) * cellChannels);
    }
  }
  return image;
}

/** The cell in column i and row j of the view. */
function at(room: Room, i: number, j: number): Readonly<Cell> {
  const [dx, dy] = steps[room.direction] as readonly [number, number];
  const forward = viewSize - 1 - j;
  const right = i - (viewSize - 1) / 2;
  return cellAt(room, room.x + dx * forward - dy * right, room.y + dy * forward + dx * right);
}

/**
 * Which cells of the view are seen (7, 7): MiniGrid's rule, by which sight spreads from the agent row by row, to both
 * sides and ahead, from every cell that is no wall.
 */
function lineOfSight(blocks: (i: number, j: number) => boolean): Uint8Array {
  const seen = new Uint8Array(viewSize * viewSize);
  const spread = (i: number, j: number, side: number): void => {
    if (!seen[i * viewSize + j] || blocks(i, j)) return;
    seen[(i + side) * viewSize + j] = 1;
    if (j === 0) return;
    seen[(i + side) * viewSize + j - 1] = 1;
    seen[i * viewSize + j - 1] = 1;
  };
  seen[((viewSize - 1) / 2) * viewSize + viewSize - 1] = 1;
  for (let j = viewSize - 1; j >= 0; j--) {
    for (let i = 0; i < viewSize - 1; i++) spread(i, j, 1);
    for (let i = viewSize - 1; i > 0; i--) spread(i, j, -1);
  }
  return seen;
}
