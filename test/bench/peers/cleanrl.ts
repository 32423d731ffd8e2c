import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BenchError } from '../bench-error.ts';
import { stepsPerUpdate, task, type Contestant } from '../contestant.ts';
import { pythonEnvironment } from './python.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const wheel = 'cleanrl==1.2.0';
/** The script as it is in the wheel: what is compared is CleanRL's, not an edited copy. */
const sha256 = '09b14558bbb291b5702e2893d716cbe28ac4d388f13df5678918530486557f87';

/** CleanRL's recurrent PPO: one gray frame, NatureCNN, LSTM of 128 units; PyTorch. */
export const cleanrlLstm: Contestant = {
  id: 'cleanrl-lstm',
  title: 'CleanRL 1.2.0 ppo_atari_lstm (PyTorch), LSTM 128, 1 frame',
  async prepare(preparation) {
    const python = await pythonEnvironment(
      { name: 'cleanrl', minorVersion: 11, requirements: here('requirements.txt'), bare: [wheel] },
      preparation,
    );
    const script = join(await sitePackages(python), 'cleanrl', 'ppo_atari_lstm.py');
    const found = createHash('sha256')
      .update(await readFile(script))
      .digest('hex');
    if (found !== sha256)
      throw new BenchError(
        `${script} is not the one in ${wheel} (sha256 ${found}); delete ${dirname(dirname(python))}`,
      );
    return ({ updates, seed, folder }) => ({
      command: python,
      args: [
        script,
        ...['--env-id', `${task.game}NoFrameskip-v4`],
        ...['--seed', `${seed}`],
        ...['--total-timesteps', `${updates * stepsPerUpdate}`],
        ...['--num-envs', `${task.envs}`],
        ...['--num-steps', `${task.rollout}`],
        ...['--num-minibatches', `${task.minibatches}`],
        ...['--update-epochs', `${task.epochs}`],
      ],
      cwd: folder, // it writes TensorBoard events into runs/
      env: { PYTHONPATH: here('shim'), PYTHONUNBUFFERED: '1', PYTHONDONTWRITEBYTECODE: '1' },
      updateEnds: { line: /^SPS: / },
    });
  },
};

/** lib/python3.N/site-packages of an environment. */
async function sitePackages(python: string): Promise<string> {
  const lib = join(dirname(dirname(python)), 'lib');
  const [version] = (await readdir(lib)).filter((name) => name.startsWith('python3.'));
  return join(lib, version ?? '', 'site-packages');
}
