import { Box, Discrete, type Generator } from 'gym-js';
import type { Outcome } from '../episodic-env.ts';
import { requireNumber, requireOneOf } from '../ranges.ts';
import { ClassicEnv, pictured, type RenderOptions } from './classic-env.ts';
import { Picture, type Point } from './picture.ts';
import { resetBounds } from './reset-bounds.ts';
import { cos, sin } from './trigonometry.ts';

/** Seconds per step. */
const dt = 0.2;
const maxVelocity1 = 4 * Math.PI;
const maxVelocity2 = 9 * Math.PI;
/** Both links: 1 m, 1 kg, the centre of mass in the middle, moment of inertia 1. */
const centre = 0.5;
const gravity = 9.8;

export interface AcrobotOptions extends RenderOptions {
  /** Which equations of motion: those of Sutton and Barto's book, or of Sutton's paper of 1996; default `book`. */
  equations?: 'book' | 'nips';
  /** Half the width of the uniform noise that is added to each torque, 0..100; default 0. */
  torqueNoise?: number;
}

/** Radians: the first link's angle from hanging down, the second's from the first, and their change per second. */
export interface AcrobotState {
  angles: Quadruple;
}

type Quadruple = [theta1: number, theta2: number, velocity1: number, velocity2: number];

/**
 * Two links that hang from a bar and must swing up by a torque between them (Sutton 1996; gymnasium AcrobotEnv).
 *
 * Observation, float32 (6): cosine and sine of both angles, both angular velocities. Actions: a torque of -1, 0 or 1.
 * Every step costs 1 but the last, that brings the tip 1 above the bar and ends the episode. `reset` takes the bounds
 * `low` and `high` of the four numbers of the first state, -0.1 and 0.1 if not given.
 */
export class Acrobot extends ClassicEnv<number, AcrobotState> {
  static readonly metadata = pictured(15);
  readonly metadata = Acrobot.metadata;
  readonly observationSpace: Box;
  readonly actionSpace = new Discrete(3);
  private readonly equations: 'book' | 'nips';
  private readonly torqueNoise: number;

  /** Throws UserError for equations that there are not, and noise outside 0..100. */
  constructor({ equations = 'book', torqueNoise = 0, ...rendering }: AcrobotOptions = {}) {
    super(rendering);
    const high = [1, 1, 1, 1, maxVelocity1, maxVelocity2];
    this.observationSpace = new Box({ low: high.map((x) => -x), high, shape: [6], dtype: 'float32' });
    requireOneOf('equations', equations, ['book', 'nips']);
    requireNumber('torqueNoise', torqueNoise, 0, 100);
    this.equations = equations;
    this.torqueNoise = torqueNoise;
  }

  protected begin(random: Generator, options: Record<string, unknown>): AcrobotState {
    const [low, high] = resetBounds(options, -0.1, 0.1);
    const draw = (): number => Math.fround(random.uniform(low, high));
    return { angles: [draw(), draw(), draw(), draw()] };
  }

  protected advance(state: AcrobotState, action: number, random: Generator): Outcome {
    const noise = this.torqueNoise > 0 ? random.uniform(-this.torqueNoise, this.torqueNoise) : 0;
    const torque = action - 1 + noise;
    const [theta1, theta2, velocity1, velocity2] = rungeKutta((at) => this.derivative(at, torque), state.angles);
    const [first, second] = [wrap(theta1), wrap(theta2)];
    state.angles = [first, second, bound(velocity1, maxVelocity1), bound(velocity2, maxVelocity2)];
    const terminated = -cos(first) - cos(second + first) > 1;
    return { reward: terminated ? 0 : -1, terminated };
  }

  protected observe({ angles: [theta1, theta2, velocity1, velocity2] }: AcrobotState): Float32Array {
    return Float32Array.of(cos(theta1), sin(theta1), cos(theta2), sin(theta2), velocity1, velocity2);
  }

  protected draw({ angles: [theta1, theta2] }: AcrobotState): Picture {
    const picture = new Picture(500, 500);
    const [bar, scale] = [picture.width / 2, picture.width / 4.4];
    picture.line(
      [
        [0, bar + scale],
        [picture.width, bar + scale],
      ],
      1,
      [0, 0, 0],
    );
    const elbow: Point = [bar + Math.sin(theta1) * scale, bar - Math.cos(theta1) * scale];
    const joints = [
      { at: [bar, bar], angle: theta1 },
      { at: elbow, angle: theta1 + theta2 },
    ] as const;
    for (const { at, angle } of joints) {
      picture.rectangle([0, -0.1 * scale], [scale, 0.1 * scale], at, angle - Math.PI / 2, [0, 204, 204]);
    }
    for (const { at } of joints) picture.disc(at, 0.1 * scale, [204, 204, 0]);
    return picture;
  }

  /** The equations of motion, in Gymnasium's order of operations. */
  private derivative([theta1, theta2, velocity1, velocity2]: Quadruple, torque: number): Quadruple {
    const d1 = 0.25 + (1.25 + cos(theta2)) + 1 + 1;
    const d2 = 0.25 + centre * cos(theta2) + 1;
    const phi2 = centre * gravity * cos(theta1 + theta2 - Math.PI / 2);
    const phi1 =
      -centre * (velocity2 * velocity2) * sin(theta2) -
      velocity2 * velocity1 * sin(theta2) +
      (centre + 1) * gravity * cos(theta1 - Math.PI / 2) +
      phi2;
    const passed = torque + (d2 / d1) * phi1;
    const inertia = 1.25 - (d2 * d2) / d1;
    const book = this.equations === 'book' ? centre * (velocity1 * velocity1) * sin(theta2) : 0;
    const acceleration2 = (passed - book - phi2) / inertia;
    const acceleration1 = -(d2 * acceleration2 + phi1) / d1;
    return [velocity1, velocity2, acceleration1, acceleration2];
  }
}

/** One step of the classical method of fourth order. */
function rungeKutta(derivative: (at: Quadruple) => Quadruple, from: Quadruple): Quadruple {
  const k1 = derivative(from);
  const k2 = derivative(along(from, dt / 2, k1));
  const k3 = derivative(along(from, dt / 2, k2));
  const k4 = derivative(along(from, dt, k3));
  const sum = from.map((_, i) => at(k1, i) + 2 * at(k2, i) + 2 * at(k3, i) + at(k4, i)) as Quadruple;
  return along(from, dt / 6, sum);
}

function along(from: Quadruple, step: number, direction: Quadruple): Quadruple {
  return from.map((x, i) => x + step * at(direction, i)) as Quadruple;
}

function at(values: Quadruple, i: number): number {
  return values[i] as number;
}

function wrap(angle: number): number {
  let wrapped = angle;
  while (wrapped > Math.PI) wrapped -= 2 * Math.PI;
  while (wrapped < -Math.PI) wrapped += 2 * Math.PI;
  return wrapped;
}

function bound(value: number, most: number): number {
  return Math.min(Math.max(value, -most), most);
}
