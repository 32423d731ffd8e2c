import type { Generator } from 'gym-js';

/** MiniGrid's numbers of what can be in a cell. */
export const objects = { unseen: 0, empty: 1, wall: 2, key: 5, ball: 6, box: 7 } as const;
/** MiniGrid's numbers of colours. */
export const colors = { red: 0, green: 1, blue: 2, purple: 3, yellow: 4, grey: 5 } as const;

export type ObjectKind = 'key' | 'ball' | 'box';
export type Color = keyof typeof colors;

/** What lies in a cell: its number in {@link objects} and that of its colour. */
export interface Cell {
  object: number;
  color: number;
}

/** Unit steps right, down, left, up: the directions 0..3, as MiniGrid has them. */
export const steps: readonly (readonly [x: number, y: number])[] = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
];

/** A square room with walls around it, and the agent in it. */
export interface Room {
  /** Cells along one side, walls included. */
  size: number;
  /** (size, size), row after row. */
  cells: Cell[];
  x: number;
  y: number;
  /** Which of {@link steps} the agent faces. */
  direction: number;
}

export const nothing: Readonly<Cell> = { object: objects.empty, color: 0 };
const wall: Readonly<Cell> = { object: objects.wall, color: colors.grey };

/** An empty room with the agent in its middle, facing right. */
export function emptyRoom(size: number): Room {
  const outside = (i: number): boolean => i === 0 || i === size - 1;
  const cells = Array.from({ length: size * size }, (_, i) => ({
    ...(outside(i % size) || outside(Math.floor(i / size)) ? wall : nothing),
  }));
  const middle = Math.floor(size / 2);
  return { size, cells, x: middle, y: middle, direction: 0 };
}

/** The cell at (x, y); outside the room it is wall. */
export function cellAt({ size, cells }: Room, x: number, y: number): Readonly<Cell> {
  return x >= 0 && y >= 0 && x < size && y < size ? (cells[y * size + x] as Cell) : wall;
}

/** Where the agent would come by going on. */
export function ahead({ x, y, direction }: Pick<Room, 'x' | 'y' | 'direction'>): [x: number, y: number] {
  const [dx, dy] = steps[direction] as readonly [number, number];
  return [x + dx, y + dy];
}

/** Draws so often before a room counts as too full. */
const mostTries = 1000;

/**
 * An empty cell, drawn as MiniGrid draws it: from the whole room, until one is free and not refused.
 * @returns undefined where none was found in {@link mostTries} draws
 */
export function freeCell(
  room: Room,
  random: Generator,
  refused: (x: number, y: number) => boolean,
): [x: number, y: number] | undefined {
  for (let tries = 0; tries <= mostTries; tries++) {
    const x = random.integers(0, room.size);
    const y = random.integers(0, room.size);
    if (cellAt(room, x, y).object === objects.empty && !refused(x, y)) return [x, y];
  }
  return undefined;
}

/** Whether the agent can come to stand beside every object without moving one. */
export function allReachable(room: Room): boolean {
  const reached = new Set<number>();
  const open: [number, number][] = [[room.x, room.y]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [x, y] = next;
    const index = y * room.size + x;
    if (reached.has(index)) continue;
    reached.add(index);
    if (cellAt(room, x, y).object === objects.empty) for (const [dx, dy] of steps) open.push([x + dx, y + dy]);
  }
  return room.cells.every(({ object }, index) => object <= objects.wall || reached.has(index));
}
