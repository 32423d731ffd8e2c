import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BenchError } from '../bench-error.ts';
import { stepsPerUpdate, task, type Contestant } from '../contestant.ts';
import { beside, cleanrlWheel, sitePackages } from './environment.ts';

/** CleanRL's recurrent PPO: one gray frame, NatureCNN, LSTM of 128 units; PyTorch. */
export const cleanrlLstm = cleanrl({
  id: 'cleanrl-lstm',
  script: 'ppo_atari_lstm',
  network: 'LSTM 128, 1 frame',
  sha256: '09b14558bbb291b5702e2893d716cbe28ac4d388f13df5678918530486557f87',
});

/** CleanRL's feed-forward PPO: four frames, NatureCNN; PyTorch. */
export const cleanrlFeedForward = cleanrl({
  id: 'cleanrl-ff',
  script: 'ppo_atari',
  network: 'feed-forward, 4 frames',
  sha256: 'b9a71b6c700c0e5fffb3fb06e86ebe15633c623207a106782df3898d92dc4631',
});

interface Script {
  readonly id: string;
  /** Its file, without `.py`. */
  readonly script: string;
  readonly network: string;
  /** Of the script as it is in the wheel: what is compared is CleanRL's, not an edited copy. */
  readonly sha256: string;
}

function cleanrl({ id, script, network, sha256 }: Script): Contestant {
  return {
    id,
    title: `CleanRL 1.2.0 ${script}, ${network}`,
    isPeer: true,
    async prepare(python) {
      const path = join(await sitePackages(python), 'cleanrl', `${script}.py`);
      const found = createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
      if (found !== sha256)
        throw new BenchError(
          `${path} is not the one in ${cleanrlWheel} (sha256 ${found}); delete ${dirname(dirname(python))}`,
        );
      return ({ updates, seed, folder }) => ({
        command: python,
        args: [
          path,
          ...['--env-id', `${task.game}NoFrameskip-v4`],
          ...['--seed', `${seed}`],
          ...['--total-timesteps', `${updates * stepsPerUpdate}`],
          ...['--num-envs', `${task.envs}`],
          ...['--num-steps', `${task.rollout}`],
          ...['--num-minibatches', `${task.minibatches}`],
          ...['--update-epochs', `${task.epochs}`],
        ],
        cwd: folder, // it writes TensorBoard events into runs/
        env: { PYTHONPATH: beside('shim'), PYTHONUNBUFFERED: '1', PYTHONDONTWRITEBYTECODE: '1' },
        updateEnds: { line: /^SPS: / },
      });
    },
  };
}
