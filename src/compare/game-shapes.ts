import type { AgentOptions } from '../../agents/actor-critic.ts';
import { coreOptions } from '../settings/core-settings.ts';
import { type PpoOptions, withMachine } from '../ppo/config.ts';
import { openEnvironment } from '../environments/rollout.ts';
import { optionsOf, type PlannedArm } from './arms.ts';

/** What of a game a network is made for. */
export type GameShape = Pick<AgentOptions, 'observationShape' | 'observationType' | 'actions'>;

/** Opens the game once to see. Rejects with a UserError if it cannot be opened. */
export async function shapeOf(options: PpoOptions): Promise<GameShape> {
  const env = await openEnvironment({ ...withMachine(options), envs: 1, workers: 1, groups: 1, rollout: 1 });
  try {
    const { observationShape, observationType, actions } = env;
    return { observationShape, observationType, actions };
  } finally {
    await env.close();
  }
}

/** The network of an arm in a game. Throws UserError where its settings contradict each other. */
export function networkOf(arm: PlannedArm, game: string, shape: GameShape): AgentOptions {
  const options = optionsOf(arm, game, 0);
  return { ...shape, features: options.features, core: coreOptions(options) };
}
