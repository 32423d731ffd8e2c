import { Box, Discrete, type Generator } from 'gym-js';
import { EpisodicEnv, type Outcome } from '../episodic-env.ts';
import { resetBounds } from './reset-bounds.ts';

const minPosition = -1.2;
const maxPosition = 0.6;
const maxSpeed = 0.07;
const goalPosition = 0.5;
const force = 0.001;
const gravity = 0.0025;

export interface MountainCarOptions {
  /** Least velocity at the goal; default 0. */
  goalVelocity?: number;
}

export interface MountainCarState {
  position: number;
  velocity: number;
}

/**
 * A car in a valley, too weak to climb straight out of it (Moore 1990; gymnasium MountainCarEnv).
 *
 * Observation, float32 (2): position, velocity. Actions: 0 pushes left, 1 does nothing, 2 pushes right. Every step
 * costs 1; the episode ends at position 0.5. `reset` takes the bounds `low` and `high` of the first position,
 * -0.6 and -0.4 if not given.
 */
export class MountainCar extends EpisodicEnv<Float32Array, number, MountainCarState> {
  readonly observationSpace = valley();
  readonly actionSpace = new Discrete(3);
  private readonly goalVelocity: number;

  constructor({ goalVelocity = 0 }: MountainCarOptions = {}) {
    super();
    this.goalVelocity = goalVelocity;
  }

  protected begin(random: Generator, options: Record<string, unknown>): MountainCarState {
    return firstPosition(random, options);
  }

  protected advance(state: MountainCarState, action: number): Outcome {
    const pushed = state.velocity + ((action - 1) * force + Math.cos(3 * state.position) * -gravity);
    const velocity = Math.min(Math.max(pushed, -maxSpeed), maxSpeed);
    state.position = Math.min(Math.max(state.position + velocity, minPosition), maxPosition);
    state.velocity = state.position === minPosition && velocity < 0 ? 0 : velocity;
    return { reward: -1, terminated: state.position >= goalPosition && state.velocity >= this.goalVelocity };
  }

  protected observe({ position, velocity }: MountainCarState): Float32Array {
    return Float32Array.of(position, velocity);
  }
}

/** Where both mountain cars can be, and how fast they are. */
export function valley(): Box {
  return new Box({ low: [minPosition, -maxSpeed], high: [maxPosition, maxSpeed], shape: [2], dtype: 'float32' });
}

/** A car at rest near the valley's bottom. */
export function firstPosition(random: Generator, options: Record<string, unknown>): MountainCarState {
  const [low, high] = resetBounds(options, -0.6, -0.4);
  return { position: random.uniform(low, high), velocity: 0 };
}
