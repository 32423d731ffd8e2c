import { Box, Discrete, type Generator } from 'gym-js';
import { EpisodicEnv, type Outcome } from '../episodic-env.ts';
import { requireWhole } from '../ranges.ts';

const directions = ['north', 'east', 'south', 'west'] as const;
const [north, east, south] = [0, 1, 2];

export interface TMazeOptions {
  /** Moves from the start to the junction, 1..10000; default 10. */
  corridorLength?: number;
}

interface Walk {
  /** Moves from the start, up to the corridor's length at the junction. */
  position: number;
  /** Whether the goal is north of the junction, or south of it. */
  goalIsNorth: boolean;
}

/**
 * A corridor with a sign at its start that tells where to turn at its end (Bakker 2001, "Reinforcement learning with
 * long short-term memory").
 *
 * Observation, float32 (3): 011 at the start where the goal is north, 110 where it is south, 101 in the corridor, 010
 * at the junction. Actions: 0 north, 1 east (on), 2 south, 3 west (back). A move into a wall costs 0.1 and leads
 * nowhere. North and south at the junction end the episode: 4 on the goal's side, -0.1 on the other. So the best return
 * is 4, in corridorLength + 1 steps; the best without memory is that of going on and then guessing, 1.95. Random
 * actions without a limit of time return 1.85 - 0.3 n - 0.1 n², n the corridor's length, as each position's equation
 * of expected returns says.
 */
export class TMaze extends EpisodicEnv<Float32Array, number, Walk> {
  readonly observationSpace = new Box({ low: 0, high: 1, shape: [3], dtype: 'float32' });
  readonly actionSpace = new Discrete(directions.length);
  readonly corridorLength: number;

  /** Throws UserError for a length outside its range. */
  constructor({ corridorLength = 10 }: TMazeOptions = {}) {
    super();
    requireWhole('corridorLength', corridorLength, 1, 10_000);
    this.corridorLength = corridorLength;
  }

  protected begin(random: Generator): Walk {
    return { position: 0, goalIsNorth: random.integers(0, 2) === 1 };
  }

  protected advance(walk: Walk, action: number): Outcome {
    const atJunction = walk.position === this.corridorLength;
    const turns = action === north || action === south;
    if (atJunction && turns) return { reward: walk.goalIsNorth === (action === north) ? 4 : -0.1, terminated: true };
    const moved = walk.position + (action === east ? 1 : -1);
    if (turns || moved < 0 || moved > this.corridorLength) return { reward: -0.1 };
    walk.position = moved;
    return { reward: 0 };
  }

  protected observe({ position, goalIsNorth }: Walk): Float32Array {
    if (position === this.corridorLength) return Float32Array.of(0, 1, 0);
    if (position > 0) return Float32Array.of(1, 0, 1);
    return goalIsNorth ? Float32Array.of(0, 1, 1) : Float32Array.of(1, 1, 0);
  }
}
