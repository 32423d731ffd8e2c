import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stepsPerUpdate, task, type Contestant, type Launch } from '../contestant.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const networks = {
  rim: 'RIM 6 x 85, 4 active',
  lstm: 'LSTM 512',
  gru: 'GRU 512',
  ff: 'feed-forward',
} as const;

export type Core = keyof typeof networks;
export const cores = Object.keys(networks) as Core[];

/** `npm run ppo`, as a user starts it. @param flags by name, without dashes @param folder the run goes below it */
export function ppo(flags: Readonly<Record<string, string | number>>, folder: string): Launch {
  const run = join(folder, 'run');
  const given = Object.entries({ ...flags, run }).flatMap(([name, value]) => [`--${name}`, `${value}`]);
  return {
    command: process.execPath,
    args: ['setup/run.mjs', 'src/cli/ppo.ts', ...given],
    cwd: root,
    updateEnds: { file: join(run, 'metrics.jsonl') },
  };
}

/** Our training with one of its cores, in one of its precisions. */
function ours(core: Core, precision: 'float32' | 'bf16'): Contestant {
  const [suffix, products] = precision === 'bf16' ? ['-bf16', ', bf16'] : ['', ''];
  return {
    id: `${core}${suffix}`,
    title: `rim-agents ppo, ${networks[core]}, 4 frames${products}`,
    isPeer: false,
    prepare:
      async () =>
      ({ updates, seed, folder }) =>
        ppo({ ...task, core, precision, seed, steps: updates * stepsPerUpdate }, folder),
  };
}

/** All of our networks, in both precisions. */
export const ourContestants = (['float32', 'bf16'] as const).flatMap((precision) =>
  cores.map((core) => ours(core, precision)),
);
