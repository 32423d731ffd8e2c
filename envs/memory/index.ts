import { InProcessRollout } from '../in-process-rollout.ts';
import { CueRecall, type CueRecallOptions } from './cue-recall.ts';

export { CueRecall } from './cue-recall.ts';

export interface CueRecallRolloutOptions extends Omit<CueRecallOptions, 'seed'> {
  /** Number of environments. */
  envs: number;
  rolloutSteps: number;
  /** Seed of the run. */
  seed: number;
}

/** Several CueRecall tasks as the trainer wants them. */
export function cueRecallRollout({ envs, rolloutSteps, seed, ...task }: CueRecallRolloutOptions): InProcessRollout {
  const { choices, delay } = new CueRecall(task);
  return new InProcessRollout(() => new CueRecall(task), {
    count: envs,
    rolloutSteps,
    seed,
    recipe: `cue recall: ${choices} choices, ${delay} distracting steps`,
  });
}
