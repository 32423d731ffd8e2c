import { classicControl } from '../../envs/classic/index.ts';
import type { ListedEnv } from '../../envs/listed-env.ts';
import { memoryTasks } from '../../envs/memory/index.ts';

/** What a run can be trained on, beside the games of Atari. */
export const listedEnvironments = { 'classic control': classicControl, 'memory tasks': memoryTasks };

/** All of them in one list. */
export const listed: readonly ListedEnv[] = Object.values(listedEnvironments).flat();

/** The one of this very name; undefined where none has it, such as of a game of Atari. */
export function listedByName(wanted: string): ListedEnv | undefined {
  return listed.find(({ name }) => name === wanted);
}

/** What makes one of them what it is: its id in gym-js's registry, its limit of steps, the options it is made with. */
export function listedSettings({ id, maxEpisodeSteps, kwargs }: ListedEnv): object {
  return { id, maxEpisodeSteps, ...kwargs };
}
