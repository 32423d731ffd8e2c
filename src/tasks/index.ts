import { adding } from './adding.ts';
import { bouncingBalls } from './bouncing-balls.ts';
import { copying } from './copying.ts';
import { languageModel } from './language-model.ts';
import { sequentialCifar } from './sequential-cifar.ts';
import { sequentialMnist } from './sequential-mnist.ts';
import type { Task } from './task.ts';

/** All sequence tasks, in the order of the list. */
export const tasks: readonly Task[] = [copying, adding, sequentialMnist, sequentialCifar, bouncingBalls, languageModel];
