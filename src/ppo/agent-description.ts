import type { ActorCritic } from '../../agents/actor-critic.ts';
import type { AgentDescription } from '../../agents/bundle/manifest.ts';
import type { RolloutEnvironment } from '../../envs/rollout-environment.ts';
import { environmentSettings } from '../environments/rollout.ts';
import { describeStart } from '../runs/config.ts';
import type { ResolvedOptions } from './config.ts';

/** What trained agents are given away under: that of this project. */
const license = 'MIT';

/**
 * What a policy's own files say of it: all that a stranger needs to let it play.
 * @param versions of what else than Node and this package decided the numbers
 */
export function agentDescription(
  options: ResolvedOptions,
  { recipe, actionMeanings }: RolloutEnvironment,
  { options: agent }: ActorCritic,
  versions: Readonly<Record<string, string>>,
): AgentDescription {
  return {
    agent,
    environment: { game: options.game, recipe, actionMeanings, settings: environmentSettings(options) },
    training: { algorithm: 'PPO', settings: options, versions: describeStart(versions).versions },
    license,
  };
}
