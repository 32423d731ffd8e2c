import type { ListedEnv } from '../../../envs/listed-env.ts';

/** Begins an episode; returns what chooses each action from what is seen now and what it keeps in mind. */
export type Policy = () => (observation: never) => number;

/** The task's policies that remember all that helps, by the first letters of their names. */
const remembering: Record<string, (kwargs: Record<string, number>) => Policy> = {
  CueRecall: () => () => {
    let cue = -1;
    return (seen: Float32Array) => (cue = cue < 0 ? seen.subarray(0, 2).indexOf(1) : cue);
  },
  TMaze: () => () => {
    let turn = -1;
    return (seen: Float32Array) => {
      if (turn < 0) turn = seen[0] === 0 ? 0 : 2;
      return seen.join('') === '010' ? turn : 1;
    };
  },
  PositionOnlyCartPole: () => () => {
    let before: Float32Array | undefined;
    return (seen: Float32Array) => {
      const [x = 0, theta = 0] = seen;
      const [x0, theta0] = before ?? seen;
      before = seen;
      return balance([x, (x - x0!) / 0.02, theta, (theta - theta0!) / 0.02]);
    };
  },
  VelocityOnlyCartPole: () => () => {
    let place: [x: number, theta: number] | undefined;
    let before = [0, 0];
    return ([a = 0, b = 0]: Float32Array) => {
      if (!place) {
        place = [a, b]; // the first observation shows positions
        return 0;
      }
      place = [place[0] + 0.02 * before[0]!, place[1] + 0.02 * before[1]!];
      before = [a, b];
      return balance([place[0], a, place[1], b]);
    };
  },
  RepeatPrevious:
    ({ k }) =>
    () => {
      const shown: number[] = [];
      return (suit: number) => {
        shown.push(suit);
        return shown.at(-k!) ?? 0;
      };
    },
  RepeatFirst: () => () => {
    let first: number | undefined;
    return (suit: number) => (first ??= suit);
  },
  Autoencode: () => () => {
    const shown: number[] = [];
    let watching = true;
    return ([mode, suit]: [number, number]) => {
      if (watching) shown.push(suit);
      watching = mode === 1;
      return watching ? 0 : shown.pop()!;
    };
  },
  CountRecall: () => () => {
    const counts: number[] = [];
    return ([dealt = 0, asked = 0]: Int32Array) => {
      counts[dealt] = (counts[dealt] ?? 0) + 1;
      return counts[asked] ?? 0;
    };
  },
};

function balance([x, xDot, theta, thetaDot]: [number, number, number, number]): number {
  return Number(0.05 * x + 0.2 * xDot + 2 * theta + 0.6 * thetaDot > 0);
}

/** What plays a task as well as can be; undefined for a task of which that is not known. */
export function bestPolicy({ name, kwargs = {} }: ListedEnv): Policy | undefined {
  const key = Object.keys(remembering).find((task) => name.startsWith(task));
  return key === undefined ? undefined : remembering[key]!(kwargs as Record<string, number>);
}
