import type { InProcessOptions, InProcessRollout } from '../../../envs/in-process-rollout.ts';
import { memoryTasks } from '../../../envs/memory/index.ts';
import type { NamedEnv } from '../../../envs/named-env.ts';
import { namedRollout } from '../../../envs/network-env.ts';

/** Several CueRecall tasks as the trainer wants them. */
export function cueRecallRollout(options: Omit<InProcessOptions, 'recipe'>): InProcessRollout {
  return namedRollout(memoryTasks.find(({ name }) => name === 'CueRecall') as NamedEnv, options);
}
