import type { InProcessOptions, InProcessRollout } from '../../../envs/in-process-rollout.ts';
import { memoryTasks } from '../../../envs/memory/index.ts';
import type { ListedEnv } from '../../../envs/listed-env.ts';
import { listedRollout } from '../../../envs/network-env.ts';

/** Several CueRecall tasks as the trainer wants them. */
export function cueRecallRollout(options: Omit<InProcessOptions, 'recipe'>): InProcessRollout {
  return listedRollout(memoryTasks.find(({ name }) => name === 'CueRecall') as ListedEnv, options);
}
