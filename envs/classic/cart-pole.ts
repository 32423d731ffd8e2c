import { Box, Discrete, type Generator } from 'gym-js';
import type { Outcome } from '../episodic-env.ts';
import { requireFlag } from '../ranges.ts';
import { ClassicEnv, pictured, type RenderOptions } from './classic-env.ts';
import { Picture } from './picture.ts';
import { resetBounds } from './reset-bounds.ts';
import { cos, sin } from './trigonometry.ts';

const gravity = 9.8;
const poleMass = 0.1;
const totalMass = poleMass + 1;
/** Half the pole's length. */
const length = 0.5;
const poleMassLength = poleMass * length;
const force = 10;
/** Seconds per step. */
const tau = 0.02;
/** Beyond them an episode ends: metres from the middle, radians from upright. */
export const cartPoleLimits = { x: 2.4, theta: (12 * 2 * Math.PI) / 360 };

export interface CartPoleOptions extends RenderOptions {
  /** Reward 0 for each step and -1 for the one that drops the pole, instead of 1 for each step; default false. */
  suttonBartoReward?: boolean;
}

/** Metres, radians, and their change per second. */
export interface CartPoleState {
  x: number;
  xDot: number;
  theta: number;
  thetaDot: number;
}

/**
 * A cart on a track that must keep its pole upright (Barto, Sutton and Anderson 1983; gymnasium CartPoleEnv).
 *
 * Observation, float32 (4): position, velocity, angle, angular velocity. Actions: 0 pushes left, 1 right. The episode
 * ends where the cart is more than 2.4 from the middle or the pole more than 12 degrees off. `reset` takes the bounds
 * `low` and `high` of the four numbers of the first state, -0.05 and 0.05 if not given.
 */
export class CartPole extends ClassicEnv<number, CartPoleState> {
  static readonly metadata = pictured(50);
  readonly metadata = CartPole.metadata;
  readonly observationSpace: Box;
  readonly actionSpace = new Discrete(2);
  private readonly suttonBartoReward: boolean;

  constructor({ suttonBartoReward = false, ...rendering }: CartPoleOptions = {}) {
    super(rendering);
    const bounds = [2 * cartPoleLimits.x, Infinity, 2 * cartPoleLimits.theta, Infinity];
    this.observationSpace = new Box({ low: bounds.map((x) => -x), high: bounds, shape: [4], dtype: 'float32' });
    requireFlag('suttonBartoReward', suttonBartoReward);
    this.suttonBartoReward = suttonBartoReward;
  }

  protected begin(random: Generator, options: Record<string, unknown>): CartPoleState {
    return balancedCart(random, ...resetBounds(options, -0.05, 0.05));
  }

  protected advance(state: CartPoleState, action: number): Outcome {
    const fallen = push(state, action);
    const reward = this.suttonBartoReward ? -Number(fallen) : 1;
    return { reward, terminated: fallen };
  }

  protected observe({ x, xDot, theta, thetaDot }: CartPoleState): Float32Array {
    return Float32Array.of(x, xDot, theta, thetaDot);
  }

  protected draw({ x, theta }: CartPoleState): Picture {
    const picture = new Picture(600, 400);
    const scale = picture.width / (2 * cartPoleLimits.x);
    const cart = [x * scale + picture.width / 2, 100] as const;
    const axle = [cart[0], cart[1] + 7.5] as const;
    picture.line(
      [
        [0, cart[1]],
        [picture.width, cart[1]],
      ],
      1,
      [0, 0, 0],
    );
    picture.rectangle([-25, -15], [25, 15], cart, 0, [0, 0, 0]);
    picture.rectangle([-5, -5], [5, 2 * length * scale - 5], axle, -theta, [202, 152, 101]);
    picture.disc(axle, 5, [129, 132, 203]);
    return picture;
  }
}

/** A first state: all four numbers from [low, high). */
export function balancedCart(random: Generator, low: number, high: number): CartPoleState {
  const draw = (): number => random.uniform(low, high);
  return { x: draw(), xDot: draw(), theta: draw(), thetaDot: draw() };
}

/**
 * One step of Euler's method, in Gymnasium's order of operations. Action 1 pushes right, 0 left.
 * @returns whether the cart has left the track or the pole is too far off
 */
export function push(state: CartPoleState, action: number): boolean {
  const { x, xDot, theta, thetaDot } = state;
  const cosTheta = cos(theta);
  const sinTheta = sin(theta);
  const pressed = ((action === 1 ? force : -force) + poleMassLength * (thetaDot * thetaDot) * sinTheta) / totalMass;
  const thetaAcceleration =
    (gravity * sinTheta - cosTheta * pressed) / (length * (4 / 3 - (poleMass * (cosTheta * cosTheta)) / totalMass));
  const xAcceleration = pressed - (poleMassLength * thetaAcceleration * cosTheta) / totalMass;
  state.x = x + tau * xDot;
  state.xDot = xDot + tau * xAcceleration;
  state.theta = theta + tau * thetaDot;
  state.thetaDot = thetaDot + tau * thetaAcceleration;
  return Math.abs(state.x) > cartPoleLimits.x || Math.abs(state.theta) > cartPoleLimits.theta;
}
