import { Box, type Generator } from 'gym-js';
import type { Outcome } from '../episodic-env.ts';
import { requireFinite } from '../ranges.ts';
import { ClassicEnv, pictured } from './classic-env.ts';
import {
  firstPosition,
  type MountainCarOptions,
  type MountainCarState,
  valley,
  valleyPicture,
} from './mountain-car.ts';
import { oneNumber } from './one-number.ts';
import type { Picture } from './picture.ts';
import { cos } from './trigonometry.ts';

const minPosition = -1.2;
const maxPosition = 0.6;
const maxSpeed = 0.07;
const goalPosition = 0.45;
const power = 0.0015;

/** Gymnasium keeps float64 until the first step of an episode, then float32. */
interface ContinuousState extends MountainCarState {
  float32: boolean;
}

/**
 * The mountain car with a force of any size from -1 to 1 (gymnasium Continuous_MountainCarEnv).
 *
 * Observation, float32 (2): position, velocity. Action, float32 (1): the force; a larger one is cut, but paid for.
 * Reward: 100 at the goal, position 0.45, less a tenth of the square of every action. `reset` takes the bounds `low`
 * and `high` of the first position, -0.6 and -0.4 if not given.
 */
export class MountainCarContinuous extends ClassicEnv<Float32Array, ContinuousState> {
  static readonly metadata = pictured(30);
  readonly metadata = MountainCarContinuous.metadata;
  readonly observationSpace = valley();
  readonly actionSpace = new Box({ low: -1, high: 1, shape: [1], dtype: 'float32' });
  private readonly goalVelocity: number;

  constructor({ goalVelocity = 0, ...rendering }: MountainCarOptions = {}) {
    super(rendering);
    requireFinite('goalVelocity', goalVelocity);
    this.goalVelocity = goalVelocity;
  }

  protected override accepts(action: Float32Array): boolean {
    return oneNumber(action);
  }

  protected begin(random: Generator, options: Record<string, unknown>): ContinuousState {
    return { ...firstPosition(random, options), float32: false };
  }

  /** Rounds wherever numpy does: a number of Python's takes the type of the array's number it meets. */
  protected advance(state: ContinuousState, action: Float32Array): Outcome {
    const wanted = action[0] as number;
    const round = state.float32 ? Math.fround : (x: number): number => x;
    const slope = 0.0025 * cos(round(3 * state.position));
    const pushed =
      Math.abs(wanted) > 1
        ? round(Math.sign(wanted) * power - slope)
        : Math.fround(Math.fround(wanted * Math.fround(power)) - Math.fround(slope));
    const [fastest, least, most] = [round(maxSpeed), round(minPosition), round(maxPosition)];
    const velocity = Math.min(Math.max(round(state.velocity + pushed), -fastest), fastest);
    const position = Math.min(Math.max(round(state.position + velocity), least), most);
    const stopped = position === least && velocity < 0;
    const reached = position >= round(goalPosition) && (stopped ? 0 : velocity) >= round(this.goalVelocity);
    state.position = Math.fround(position);
    state.velocity = stopped ? 0 : Math.fround(velocity);
    state.float32 = true;
    return { reward: (reached ? 100 : 0) - wanted * wanted * 0.1, terminated: reached };
  }

  protected observe({ position, velocity }: ContinuousState): Float32Array {
    return Float32Array.of(position, velocity);
  }

  protected draw({ position }: ContinuousState): Picture {
    return valleyPicture(position, goalPosition);
  }
}
