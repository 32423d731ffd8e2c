import { Box, Dict, Discrete, type Generator, type Info, MultiDiscrete } from 'gym-js';
import { EpisodicEnv, type Outcome } from '../episodic-env.ts';
import { requireWhole } from '../ranges.ts';
import { UserError } from '../user-error.ts';
import {
  ahead,
  allReachable,
  type Cell,
  cellAt,
  type Color,
  colors,
  emptyRoom,
  freeCell,
  nothing,
  type ObjectKind,
  objects,
  type Room,
} from './grid-room.ts';
import { cellChannels, egocentricView, viewSize } from './grid-view.ts';

const kinds: readonly ObjectKind[] = ['key', 'ball', 'box'];
const [left, right, forward, pickUp] = [0, 1, 2, 3];
/** MiniGrid numbers what a door can be; there is none here. */
const mostState = 2;
const allColors = Object.keys(colors).sort() as Color[];

export interface GridPickupOptions {
  /** Cells along one side of the room, walls included, 5..32; default 8. */
  roomSize?: number;
  /** Objects beside the one that is wanted, no two of them alike; default 3. */
  distractors?: number;
  /** Colours that the wanted object may have; default red, green and blue. */
  targetColors?: readonly Color[];
  /** Colours that the others may have; default those of the wanted. */
  distractorColors?: readonly Color[];
}

export interface GridObservation {
  /** What is seen: see `egocentricView`. */
  image: Uint8Array;
  /** Where the agent faces: right, down, left, up. */
  direction: number;
  /** What to pick up: key, ball or box; its colour. */
  mission: Int32Array;
}

interface Search {
  room: Room;
  target: Cell;
  carried: Cell | null;
  steps: number;
}

/**
 * A room with objects, seen seven cells ahead, in which one of them is to be picked up: the generalisation task of
 * Goyal et al. 2019 (RIMs), in MiniGrid, whose policies learn among some distractors and are then tried among others.
 *
 * Made like a level of BabyAI with MiniGrid's draws, view, actions and rewards: the wanted object and the distractors
 * are put anywhere but next to the middle, the agent where nothing is right before it; all can be reached. Actions:
 * turn left, turn right, go on, pick up what is ahead. Picking up ends the episode: the wanted object is worth
 * 1 - 0.9 steps / limit, any other 0. The limit is roomSize² steps, as in BabyAI; there the episode is cut.
 */
export class GridPickup extends EpisodicEnv<GridObservation, number, Search> {
  readonly observationSpace: Dict<{ image: Box<'uint8'>; direction: Discrete; mission: MultiDiscrete }>;
  readonly actionSpace = new Discrete(4);
  readonly maxSteps: number;
  private readonly roomSize: number;
  private readonly distractors: number;
  private readonly targetColors: readonly Color[];
  private readonly distractorColors: readonly Color[];

  /** Throws UserError for a size out of range, colours that are none, and more distractors than there are kinds. */
  constructor({
    roomSize = 8,
    distractors = 3,
    targetColors = ['red', 'green', 'blue'],
    distractorColors = targetColors,
  }: GridPickupOptions = {}) {
    super();
    requireWhole('roomSize', roomSize, 5, 32);
    for (const [name, list] of Object.entries({ targetColors, distractorColors })) {
      const unknown = list.find((color) => !(color in colors));
      if (unknown !== undefined) throw new UserError(`${name}: no colour "${unknown}"; take ${allColors.join(', ')}`);
      if (list.length === 0) throw new UserError(`${name} has no colour; take some of ${allColors.join(', ')}`);
    }
    requireWhole('distractors', distractors, 0, mostDistractors(roomSize, targetColors, distractorColors));
    this.roomSize = roomSize;
    this.distractors = distractors;
    this.targetColors = targetColors;
    this.distractorColors = distractorColors;
    this.maxSteps = roomSize * roomSize;
    const perCell = [objects.box, colors.grey, mostState];
    const high = Array.from({ length: viewSize * viewSize }, () => perCell).flat();
    this.observationSpace = new Dict({
      image: new Box({ low: 0, high, shape: [viewSize, viewSize, cellChannels], dtype: 'uint8' }),
      direction: new Discrete(4),
      mission: new MultiDiscrete([kinds.length, allColors.length]),
    });
  }

  protected begin(random: Generator): Search {
    for (;;) {
      const search = this.furnish(random);
      if (search) return search;
    }
  }

  protected advance(search: Search, action: number): Outcome {
    const { room } = search;
    search.steps += 1;
    const late = search.steps >= this.maxSteps;
    if (action === left) room.direction = (room.direction + 3) % 4;
    if (action === right) room.direction = (room.direction + 1) % 4;
    const [x, y] = ahead(room);
    const { object, color } = cellAt(room, x, y);
    if (action === forward && object === objects.empty) [room.x, room.y] = [x, y];
    if (action !== pickUp || object <= objects.wall) return { reward: 0, truncated: late };
    search.carried = { object, color };
    room.cells[y * room.size + x] = { ...nothing };
    const wanted = object === search.target.object && color === search.target.color;
    return { reward: wanted ? 1 - 0.9 * (search.steps / this.maxSteps) : 0, terminated: true, truncated: late };
  }

  protected observe({ room, target, carried }: Search): GridObservation {
    return {
      image: egocentricView(room, carried),
      direction: room.direction,
      mission: Int32Array.of(target.object - objects.key, target.color),
    };
  }

  /** What to do, in words, as BabyAI says it. */
  protected override inform({ target }: Search): Info {
    return { mission: `pick up the ${colorName(target.color)} ${kinds[target.object - objects.key]}` };
  }

  /** One draw of a whole room; undefined where an object found no place or cannot be reached. */
  private furnish(random: Generator): Search | undefined {
    const room = emptyRoom(this.roomSize);
    const put: Cell[] = [];
    while (put.length <= this.distractors) {
      const cell = drawCell(random, put.length === 0 ? this.targetColors : this.distractorColors);
      if (put.some(({ object, color }) => object === cell.object && color === cell.color)) continue;
      const place = freeCell(room, random, (x, y) => Math.abs(room.x - x) + Math.abs(room.y - y) < 2);
      if (!place) return undefined;
      room.cells[place[1] * room.size + place[0]] = cell;
      put.push(cell);
    }
    if (!placeAgent(room, random) || !allReachable(room)) return undefined;
    return { room, target: { ...(put[0] as Cell) }, carried: null, steps: 0 };
  }
}

/** Colour first, then kind, as BabyAI draws distractors. */
function drawCell(random: Generator, from: readonly Color[]): Cell {
  const sorted = allColors.filter((color) => from.includes(color));
  const color = colors[sorted[random.integers(0, sorted.length)] as Color];
  return { object: objects[kinds[random.integers(0, kinds.length)] as ObjectKind], color };
}

/** Puts the agent where no object is right before it. @returns whether such a place was found */
function placeAgent(room: Room, random: Generator): boolean {
  for (;;) {
    const place = freeCell(room, random, () => false);
    if (!place) return false;
    [room.x, room.y] = place;
    room.direction = random.integers(0, 4);
    if (cellAt(room, ...ahead(room)).object <= objects.wall) return true;
  }
}

/** As many as are all different, and fill no more than a quarter of the room. */
function mostDistractors(size: number, target: readonly Color[], others: readonly Color[]): number {
  const overlap = target.some((color) => others.includes(color)) ? 1 : 0;
  const different = kinds.length * new Set(others).size - overlap;
  return Math.min(different, Math.floor((size - 2) ** 2 / 4));
}

function colorName(number: number): Color {
  return allColors.find((color) => colors[color] === number) as Color;
}
