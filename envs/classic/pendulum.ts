import { Box, Discrete, type Generator } from 'gym-js';
import type { Outcome } from '../episodic-env.ts';
import { requireFinite, requireNumber } from '../ranges.ts';
import { UserError } from '../user-error.ts';
import { ClassicEnv, pictured, type RenderOptions } from './classic-env.ts';
import { oneNumber } from './one-number.ts';
import { Picture, type Point } from './picture.ts';
import { resetNumbers } from './reset-bounds.ts';
import { cos, sin } from './trigonometry.ts';

const maxSpeed = 8;
const maxTorque = 2;
/** Seconds per step. */
const dt = 0.05;

export interface PendulumOptions extends RenderOptions {
  /** Acceleration of gravity in m/s2; default 10. */
  g?: number;
}

export interface DiscretePendulumOptions extends PendulumOptions {
  /** What each action exerts, in Nm, each from -2 to 2; default -2, -1, 0, 1, 2. */
  torques?: readonly number[];
}

/** Radians from upright, and their change per second. */
interface PendulumState {
  theta: number;
  thetaDot: number;
}

/** A pendulum; how an action is a torque is left open. */
abstract class AnyPendulum<Action> extends ClassicEnv<Action, PendulumState> {
  static readonly metadata = pictured(30);
  readonly metadata = AnyPendulum.metadata;
  readonly observationSpace = new Box({
    low: [-1, -1, -maxSpeed],
    high: [1, 1, maxSpeed],
    shape: [3],
    dtype: 'float32',
  });
  private readonly g: number;

  constructor({ g = 10, ...rendering }: PendulumOptions) {
    super(rendering);
    requireFinite('g', g);
    this.g = g;
  }

  /** The action's torque in Nm, a float32. */
  protected abstract torque(action: Action): number;

  protected begin(random: Generator, options: Record<string, unknown>): PendulumState {
    const { xInit, yInit } = resetNumbers(options, { xInit: Math.PI, yInit: 1 });
    const [theta, thetaDot] = [Math.abs(xInit), Math.abs(yInit)];
    return { theta: random.uniform(-theta, theta), thetaDot: random.uniform(-thetaDot, thetaDot) };
  }

  /** In Gymnasium's order of operations; the torque's own terms are float32, as there. */
  protected advance(state: PendulumState, action: Action): Outcome {
    const { theta, thetaDot } = state;
    const torque = this.torque(action);
    const paid = Math.fround(Math.fround(0.001) * Math.fround(torque * torque));
    const cost = upright(theta) ** 2 + 0.1 * (thetaDot * thetaDot) + paid;
    const accelerated = thetaDot + (((3 * this.g) / 2) * sin(theta) + Math.fround(3 * torque)) * dt;
    state.thetaDot = Math.min(Math.max(accelerated, -maxSpeed), maxSpeed);
    state.theta = theta + state.thetaDot * dt;
    return { reward: -cost };
  }

  protected observe({ theta, thetaDot }: PendulumState): Float32Array {
    return Float32Array.of(cos(theta), sin(theta), thetaDot);
  }

  protected draw({ theta }: PendulumState): Picture {
    const picture = new Picture(500, 500);
    const [axle, scale] = [picture.width / 2, picture.width / 4.4];
    const red = [204, 77, 77] as const;
    const end: Point = [axle - Math.sin(theta) * scale, axle + Math.cos(theta) * scale];
    picture.rectangle([-0.1 * scale, 0], [0.1 * scale, scale], [axle, axle], theta, red);
    for (const at of [[axle, axle], end] as const) picture.disc(at, 0.1 * scale, red);
    picture.disc([axle, axle], 0.05 * scale, [0, 0, 0]);
    return picture;
  }
}

/**
 * A pendulum that must be swung up and held (gymnasium PendulumEnv).
 *
 * Observation, float32 (3): cosine and sine of the angle from upright, angular velocity. Action, float32 (1): the
 * torque, cut to -2..2. Reward: -(angle² + 0.1 velocity² + 0.001 torque²). An episode has no end of its own. `reset`
 * takes the largest first angle `xInit` and velocity `yInit`, pi and 1 if not given.
 */
export class Pendulum extends AnyPendulum<Float32Array> {
  readonly actionSpace = new Box({ low: -maxTorque, high: maxTorque, shape: [1], dtype: 'float32' });

  constructor(options: PendulumOptions = {}) {
    super(options);
  }

  protected override accepts(action: Float32Array): boolean {
    return oneNumber(action);
  }

  protected torque(action: Float32Array): number {
    return Math.min(Math.max(action[0] as number, -maxTorque), maxTorque);
  }
}

/** {@link Pendulum} with a torque for each of a few actions: the same pendulum for learners of discrete actions. */
export class DiscretePendulum extends AnyPendulum<number> {
  readonly actionSpace: Discrete;
  private readonly torques: Float32Array;

  /** Throws UserError unless there are torques, each from -2 to 2. */
  constructor({ torques = [-2, -1, 0, 1, 2], ...options }: DiscretePendulumOptions = {}) {
    super(options);
    for (const torque of torques) requireNumber('torque', torque, -maxTorque, maxTorque);
    if (torques.length === 0) throw new UserError('torques is empty; give at least one');
    this.actionSpace = new Discrete(torques.length);
    this.torques = Float32Array.from(torques);
  }

  protected torque(action: number): number {
    return this.torques[action] as number;
  }
}

/** The angle in [-pi, pi), 0 upright. */
function upright(theta: number): number {
  const turn = 2 * Math.PI;
  const rest = (theta + Math.PI) % turn;
  return (rest < 0 ? rest + turn : rest) - Math.PI;
}
