import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stepsPerUpdate, task, type Contestant } from '../contestant.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const networks = {
  rim: 'RIM 6 x 85, 4 active',
  lstm: 'LSTM 512',
  gru: 'GRU 512',
  ff: 'feed-forward',
} as const;

export type Core = keyof typeof networks;
export const cores = Object.keys(networks) as Core[];

/** `npm run ppo`, as a user starts it, with one of its cores. */
export function ours(core: Core): Contestant {
  return {
    id: 'rim-agents',
    title: `rim-agents ppo (TensorFlow), ${networks[core]}, 4 frames`,
    prepare:
      async () =>
      ({ updates, seed, folder }) => {
        const run = join(folder, 'run');
        return {
          command: process.execPath,
          args: [
            ...['setup/run.mjs', 'src/cli/ppo.ts'],
            ...['--game', task.game],
            ...['--core', core],
            ...['--seed', `${seed}`],
            ...['--steps', `${updates * stepsPerUpdate}`],
            ...['--envs', `${task.envs}`],
            ...['--rollout', `${task.rollout}`],
            ...['--minibatches', `${task.minibatches}`],
            ...['--epochs', `${task.epochs}`],
            ...['--run', run],
          ],
          cwd: root,
          updateEnds: { file: join(run, 'metrics.jsonl') },
        };
      },
  };
}
