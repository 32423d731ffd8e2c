import { Box, Discrete, type Generator } from 'gym-js';
import { balancedCart, cartPoleLimits, type CartPoleState, push } from '../classic/cart-pole.ts';
import { resetBounds } from '../classic/reset-bounds.ts';
import { EpisodicEnv, type Outcome } from '../episodic-env.ts';
import { requireOneOf, requireWhole } from '../ranges.ts';

export interface PartialCartPoleOptions {
  /** Which half of the state is seen. */
  seen: 'positions' | 'velocities';
  /** Steps after which an episode is cut, 1..100000; default 200. */
  maxEpisodeLength?: number;
}

interface TimedCart extends CartPoleState {
  steps: number;
}

/**
 * CartPole that shows the cart's position and the pole's angle without their velocities, or only the velocities
 * (POPGym's PositionOnlyCartPole and VelocityOnlyCartPole).
 *
 * Observation, float32 (2); actions and dynamics are CartPole's. As in POPGym the first observation of an episode shows
 * the positions even where afterwards only velocities are seen. Every step is worth 1 / `maxEpisodeLength`, so the
 * best return is 1: an episode that is cut after so many steps.
 */
export class PartialCartPole extends EpisodicEnv<Float32Array, number, TimedCart> {
  readonly observationSpace: Box;
  readonly actionSpace = new Discrete(2);
  private readonly seen: PartialCartPoleOptions['seen'];
  private readonly maxEpisodeLength: number;

  /** Throws UserError for a half that there is not, and a length outside its range. */
  constructor({ seen, maxEpisodeLength = 200 }: PartialCartPoleOptions) {
    super();
    requireOneOf('seen', seen, ['positions', 'velocities']);
    requireWhole('maxEpisodeLength', maxEpisodeLength, 1, 100_000);
    const { x, theta } = cartPoleLimits;
    const high = seen === 'positions' ? [2 * x, 2 * theta] : [Infinity, Infinity];
    this.observationSpace = new Box({ low: high.map((bound) => -bound), high, shape: [2], dtype: 'float32' });
    this.seen = seen;
    this.maxEpisodeLength = maxEpisodeLength;
  }

  protected begin(random: Generator, options: Record<string, unknown>): TimedCart {
    return { ...balancedCart(random, ...resetBounds(options, -0.05, 0.05)), steps: 0 };
  }

  protected advance(cart: TimedCart, action: number): Outcome {
    cart.steps += 1;
    const terminated = push(cart, action);
    return { reward: 1 / this.maxEpisodeLength, terminated, truncated: cart.steps >= this.maxEpisodeLength };
  }

  protected observe({ x, xDot, theta, thetaDot, steps }: TimedCart): Float32Array {
    return this.seen === 'positions' || steps === 0 ? Float32Array.of(x, theta) : Float32Array.of(xDot, thetaDot);
  }
}
