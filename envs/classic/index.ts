import { type ListedEnv, registerListed } from '../listed-env.ts';
import { Acrobot } from './acrobot.ts';
import { CartPole } from './cart-pole.ts';
import { MountainCarContinuous } from './mountain-car-continuous.ts';
import { MountainCar } from './mountain-car.ts';
import { DiscretePendulum, Pendulum } from './pendulum.ts';

export { Acrobot, CartPole, DiscretePendulum, MountainCarContinuous, Pendulum };

/** Gymnasium's classic control with the limits of its registry, and a pendulum for discrete actions. */
export const classicControl: readonly ListedEnv[] = [
  {
    id: 'CartPole-v0',
    summary: 'keep a pole upright on a cart for 200 steps',
    entryPoint: CartPole,
    maxEpisodeSteps: 200,
    rewardThreshold: 195,
  },
  {
    id: 'CartPole-v1',
    summary: 'keep a pole upright on a cart for 500 steps',
    entryPoint: CartPole,
    maxEpisodeSteps: 500,
    rewardThreshold: 475,
  },
  {
    id: 'MountainCar-v0',
    summary: 'drive a weak car out of a valley',
    entryPoint: MountainCar,
    maxEpisodeSteps: 200,
    rewardThreshold: -110,
  },
  {
    id: 'MountainCarContinuous-v0',
    summary: 'the same with a force of any size (continuous actions)',
    entryPoint: MountainCarContinuous,
    maxEpisodeSteps: 999,
    rewardThreshold: 90,
  },
  {
    id: 'Acrobot-v1',
    summary: 'swing two links up by a torque between them',
    entryPoint: Acrobot,
    maxEpisodeSteps: 500,
    rewardThreshold: -100,
  },
  {
    id: 'Pendulum-v1',
    summary: 'swing a pendulum up and hold it (continuous actions)',
    entryPoint: Pendulum,
    maxEpisodeSteps: 200,
  },
  {
    id: 'PendulumDiscrete-v1',
    summary: 'the same pendulum with five torques to choose from',
    entryPoint: DiscretePendulum,
    maxEpisodeSteps: 200,
  },
].map((env) => ({ ...env, name: env.id }));

/** Makes them known to gym-js's `make`. May be called twice. */
export function registerClassicControl(): void {
  registerListed(classicControl);
}
