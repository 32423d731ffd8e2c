import { Box, Discrete, type Generator } from 'gym-js';
import type { Outcome } from '../episodic-env.ts';
import { requireFinite } from '../ranges.ts';
import { ClassicEnv, pictured, type RenderOptions } from './classic-env.ts';
import { Picture, type Point } from './picture.ts';
import { resetBounds } from './reset-bounds.ts';
import { cos } from './trigonometry.ts';

const minPosition = -1.2;
const maxPosition = 0.6;
const maxSpeed = 0.07;
const goalPosition = 0.5;
const force = 0.001;
const gravity = 0.0025;

export interface MountainCarOptions extends RenderOptions {
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
export class MountainCar extends ClassicEnv<number, MountainCarState> {
  static readonly metadata = pictured(30);
  readonly metadata = MountainCar.metadata;
  readonly observationSpace = valley();
  readonly actionSpace = new Discrete(3);
  private readonly goalVelocity: number;

  constructor({ goalVelocity = 0, ...rendering }: MountainCarOptions = {}) {
    super(rendering);
    requireFinite('goalVelocity', goalVelocity);
    this.goalVelocity = goalVelocity;
  }

  protected begin(random: Generator, options: Record<string, unknown>): MountainCarState {
    return firstPosition(random, options);
  }

  protected advance(state: MountainCarState, action: number): Outcome {
    const pushed = state.velocity + ((action - 1) * force + cos(3 * state.position) * -gravity);
    const velocity = Math.min(Math.max(pushed, -maxSpeed), maxSpeed);
    state.position = Math.min(Math.max(state.position + velocity, minPosition), maxPosition);
    state.velocity = state.position === minPosition && velocity < 0 ? 0 : velocity;
    return { reward: -1, terminated: state.position >= goalPosition && state.velocity >= this.goalVelocity };
  }

  protected observe({ position, velocity }: MountainCarState): Float32Array {
    return Float32Array.of(position, velocity);
  }

  protected draw({ position }: MountainCarState): Picture {
    return valleyPicture(position, goalPosition);
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

/** The valley with the car on its slope and a flag at the goal. */
export function valleyPicture(position: number, goal: number): Picture {
  const picture = new Picture(600, 400);
  const scale = picture.width / (maxPosition - minPosition);
  const onScreen = (x: number, lift = 0): Point => [
    (x - minPosition) * scale,
    (0.45 * Math.sin(3 * x) + 0.55) * scale + lift,
  ];
  const track = Array.from({ length: 100 }, (_, i) => onScreen(minPosition + ((maxPosition - minPosition) * i) / 99));
  picture.line(track, 1, [0, 0, 0]);
  const car = onScreen(position, 10);
  const tilt = Math.cos(3 * position);
  picture.rectangle([-20, 0], [20, 20], car, tilt, [0, 0, 0]);
  for (const wheel of [-10, 10]) {
    picture.disc([car[0] + wheel * Math.cos(tilt), car[1] + wheel * Math.sin(tilt)], 8, [128, 128, 128]);
  }
  const [x, y] = onScreen(goal);
  picture.line(
    [
      [x, y],
      [x, y + 50],
    ],
    1,
    [0, 0, 0],
  );
  picture.polygon(
    [
      [x, y + 50],
      [x, y + 40],
      [x + 25, y + 45],
    ],
    [204, 204, 0],
  );
  return picture;
}
