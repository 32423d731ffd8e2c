import { stepsPerUpdate, task, type Contestant } from '../contestant.ts';
import { beside } from './environment.ts';

/** Stable-Baselines3's PPO: four frames, NatureCNN; PyTorch. */
export const stableBaselines = driven('sb3-ppo', 'Stable-Baselines3 2.9.2 PPO, feed-forward, 4 frames');

/** sb3-contrib's recurrent PPO: as above, with an LSTM each for actor and critic, which is its default. */
export const recurrentPpo = [128, 512].map((units) =>
  driven(`recurrent-ppo-${units}`, `sb3-contrib 2.9.2 RecurrentPPO, 2 LSTMs of ${units}, 4 frames`, units),
);

/** A training that our driver starts; it says so whenever an update has ended. */
function driven(id: string, title: string, lstmUnits?: number): Contestant {
  return {
    id,
    title,
    isPeer: true,
    prepare:
      async (python) =>
      ({ updates, seed, folder }) => ({
        command: python,
        args: [
          beside('sb3_training.py'),
          ...['--env-id', `${task.game}NoFrameskip-v4`],
          ...['--seed', `${seed}`],
          ...['--steps', `${updates * stepsPerUpdate}`],
          ...['--envs', `${task.envs}`],
          ...['--rollout', `${task.rollout}`],
          ...['--minibatches', `${task.minibatches}`],
          ...['--epochs', `${task.epochs}`],
          ...(lstmUnits === undefined ? [] : ['--lstm', `${lstmUnits}`]),
        ],
        cwd: folder,
        env: { PYTHONUNBUFFERED: '1', PYTHONDONTWRITEBYTECODE: '1' },
        updateEnds: { line: /^update \d+$/ },
      }),
  };
}
