import type { GridPickup } from '../../../envs/memory/index.ts';

const [left, right, forward, pickUp] = [0, 1, 2, 3];
const vectors = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;
const [unseen, empty, wall, key] = [0, 1, 2, 5];

interface Pose {
  x: number;
  y: number;
  direction: number;
}

const ahead = ({ x, y, direction }: Pose): [number, number] => [x + vectors[direction]![0], y + vectors[direction]![1]];

/**
 * The first action of a shortest way to a pose that is wanted, and the way's length; undefined where there is none.
 * @param free whether the agent can walk there
 */
function shortestWay(
  from: Pose,
  free: (x: number, y: number) => boolean,
  wanted: (pose: Pose) => boolean,
): { first: number | undefined; steps: number } | undefined {
  const queue: { pose: Pose; first: number | undefined; steps: number }[] = [
    { pose: from, first: undefined, steps: 0 },
  ];
  const been = new Set<string>();
  for (const { pose, first, steps } of queue) {
    const name = `${pose.x} ${pose.y} ${pose.direction}`;
    if (been.has(name)) continue;
    been.add(name);
    if (wanted(pose)) return { first, steps };
    const [x, y] = ahead(pose);
    const turned = (by: number): Pose => ({ ...pose, direction: (pose.direction + by) % 4 });
    queue.push({ pose: turned(3), first: first ?? left, steps: steps + 1 });
    queue.push({ pose: turned(1), first: first ?? right, steps: steps + 1 });
    if (free(x, y)) queue.push({ pose: { ...pose, x, y }, first: first ?? forward, steps: steps + 1 });
  }
  return undefined;
}

/** Fewest steps to the wanted object in hand, for one who knows the whole room. */
export function fewestSteps(env: GridPickup): number {
  const { episode } = env.saveState();
  const { room, target } = episode!;
  const cell = (x: number, y: number) => room.cells[y * room.size + x]!;
  const way = shortestWay(
    room,
    (x, y) => cell(x, y).object === empty,
    (pose) => {
      const { object, color } = cell(...ahead(pose));
      return object === target.object && color === target.color;
    },
  );
  return way!.steps + 1;
}

/**
 * Goes by what it sees and has seen: a map in its own coordinates. Fetches the wanted object once it is on the map;
 * until then it goes to where it can see more.
 */
export function explorer(): (observation: { image: Uint8Array; direction: number; mission: Int32Array }) => number {
  const map = new Map<string, [object: number, color: number]>();
  const pose: Pose = { x: 0, y: 0, direction: -1 };
  const at = (x: number, y: number): [number, number] => map.get(`${x} ${y}`) ?? [unseen, 0];
  return ({ image, direction, mission }) => {
    pose.direction = direction;
    const [dx, dy] = vectors[direction]!;
    for (let i = 0; i < 7; i++) {
      for (let j = 0; j < 7; j++) {
        const [object = 0, color = 0] = image.subarray((i * 7 + j) * 3);
        const [on, aside] = [6 - j, i - 3];
        if (object !== unseen)
          map.set(`${pose.x + dx * on - dy * aside} ${pose.y + dy * on + dx * aside}`, [object, color]);
      }
    }
    const free = (x: number, y: number): boolean => at(x, y)[0] === empty;
    const wanted = ([object, color]: [number, number]): boolean => object === key + mission[0]! && color === mission[1];
    const nearUnseen = ({ x, y }: Pose): boolean => vectors.some(([a, b]) => at(x + a, y + b)[0] === unseen);
    const known = [...map.values()].some(wanted);
    const way = known
      ? shortestWay(pose, free, (there) => wanted(at(...ahead(there))))
      : shortestWay(pose, free, (there) => at(...ahead(there))[0] === unseen || nearUnseen(there));
    const action = way?.first ?? (known ? pickUp : right);
    if (action === forward && at(...ahead(pose))[0] !== wall) [pose.x, pose.y] = ahead(pose);
    return action;
  };
}
