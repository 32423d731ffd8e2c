import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual, promisify } from 'node:util';
import { z } from 'zod';
import { Random } from '../../agents/random.ts';
import { addFlags } from '../../src/cli/flags.ts';
import { checked } from '../../src/settings/checked.ts';
import { command, runCommand } from '../../src/cli/main.ts';
import { checkpointUpdate, killAgainAndAgain, leftBy, type Training, trainWhole } from './killed-run.ts';
import { spoil } from './mutations.ts';

const killOptions = z.strictObject({
  kills: z.number().int().min(1).max(1000).default(4).meta({ text: 'kills of each run' }),
  seed: z.number().int().min(0).max(2147483647).default(1).meta({ text: 'decides the moments' }),
});

const mutationOptions = z.strictObject({
  mutations: z.number().int().min(1).max(1e6).default(1000).meta({ text: 'spoilt files' }),
  seed: z.number().int().min(0).max(2147483647).default(1).meta({ text: 'decides which' }),
});

const repeatOptions = z.strictObject({
  times: z.number().int().min(2).max(1e4).default(10).meta({ text: 'how often each update is made' }),
  kernels: z.enum(['native', 'portable']).default('native').meta({ text: 'which operations' }),
});

/** All cores, all kinds of environment, two tasks; checkpoints so many that kills fall into their writing. */
const trainings: Readonly<Record<string, string>> = {
  'ppo --game Breakout --core rim':
    '--envs 2 --rollout 16 --minibatches 2 --epochs 1 --steps 1600 --frame-cap 240 --sticky 0.25',
  'ppo --game Pong --core lstm':
    '--envs 4 --rollout 8 --minibatches 2 --epochs 2 --steps 1280 --frame-cap 200 --groups 2',
  'ppo --game CartPole --core gru': '--envs 4 --rollout 32 --epochs 2 --steps 6400',
  'ppo --game RepeatPreviousEasy --core brim': '--envs 4 --rollout 32 --epochs 1 --steps 6400 --layers 2x32:1,3x32:2',
  'ppo --game TMaze10 --core ff': '--envs 4 --rollout 32 --epochs 4 --steps 6400',
  'task copying --core rim':
    '--batch 8 --units 32 --train-length 10 --test-lengths 20 --updates 80 --evaluate-every 25',
  'task adding --core lstm':
    '--batch 8 --hidden 256 --train-length 20 --test-lengths 30 --updates 80 --evaluate-every 25',
};

/**
 * `node setup/run.mjs test/resume/main.ts NAME`: proves at length what the tests prove in short; docs/resume.md has its
 * figures.
 */
await runCommand(async () => {
  const program = command('resume', 'Kills trainings, spoils files, repeats updates.');
  program.name('node setup/run.mjs test/resume/main.ts');
  addFlags(
    program.command('kills').description('kills runs, resumes them, compares them with runs never stopped'),
    killOptions,
  ).action((flags: Record<string, unknown>) => kills(checked(killOptions, flags)));
  addFlags(program.command('mutations').description("spoils a run's files and reads the run"), mutationOptions).action(
    (flags: Record<string, unknown>) => mutations(checked(mutationOptions, flags)),
  );
  addFlags(
    program.command('repeats').description('makes the same updates with 1, 2 and 4 threads'),
    repeatOptions,
  ).action((flags: Record<string, unknown>) => repeats(checked(repeatOptions, flags)));
  await program.parseAsync();
});

async function kills({ kills: wanted, seed }: z.infer<typeof killOptions>): Promise<void> {
  const random = new Random(seed);
  const all = { kills: 0, writing: 0, runs: 0, exact: 0 };
  for (const [start, rest] of Object.entries(trainings)) {
    const [name, ...args] = `${start} ${rest} --checkpoint-every 1`.split(' ');
    const training: Training = { command: name as Training['command'], args };
    await inFolder(async (folder) => {
      const [whole, parts] = [join(folder, 'whole'), join(folder, 'parts')];
      await trainWhole(training, '--run', whole);
      const updates = checkpointUpdate(training, whole) ?? 0;
      const done = await killAgainAndAgain(training, parts, { kills: wanted, updates, random });
      await trainWhole(training, '--resume', parts);
      const exact = isDeepStrictEqual(leftBy(training, parts), leftBy(training, whole));
      const writing = done.filter((kill) => kill.writing).length;
      const from = done.map(({ update }) => update ?? 'none').join(', ');
      say(
        `${start}: ${done.length} kills, ${writing} while writing; resumed from updates ${from} of ${updates}: ` +
          (exact ? 'the same, bit for bit' : 'DIFFERS'),
      );
      all.kills += done.length;
      all.writing += writing;
      all.runs += 1;
      all.exact += Number(exact);
    });
  }
  say(
    `${all.kills} kills, ${all.writing} of them while a checkpoint was being written; ` +
      `${all.exact} of ${all.runs} runs end as those never stopped`,
  );
  if (all.exact < all.runs) process.exitCode = 1;
}

async function mutations({ mutations: wanted, seed }: z.infer<typeof mutationOptions>): Promise<void> {
  const args =
    'ppo --game Breakout --core rim --features 8 --modules 3 --units 8 --active 2 --envs 2 --minibatches 2 ' +
    '--rollout 8 --steps 48 --checkpoint-every 1';
  await inFolder(async (folder) => {
    const path = join(folder, 'run');
    await trainWhole({ command: 'ppo', args: args.split(' ').slice(1) }, '--run', path);
    const { wrong, refused, previous, unharmed, other } = spoil(path, wanted, new Random(seed));
    say(
      `${wanted} mutations of the last checkpoint, the one before and config.json: ${refused} refused in one line, ` +
        `${previous} went on from the checkpoint before, ${unharmed} changed nothing that is read, ${other} else`,
    );
    for (const one of wrong) say(one);
    if (other > 0) process.exitCode = 1;
  });
}

async function repeats({ times, kernels }: z.infer<typeof repeatOptions>): Promise<void> {
  const entry = new URL('repeated-updates.ts', import.meta.url).pathname;
  const found = new Map<string, Set<string>[]>();
  for (const threads of [1, 2, 4]) {
    const made = ['--import', 'tsx', entry, `${threads}`, `${times}`, kernels];
    const { stdout } = await promisify(execFile)(process.execPath, made, { maxBuffer: 2 ** 28 });
    for (const [name, hashes] of Object.entries(JSON.parse(stdout) as Record<string, string[]>))
      found.set(name, [...(found.get(name) ?? []), new Set(hashes)]);
  }
  for (const [name, sets] of found) {
    const own = sets.map(({ size }) => size).join(', ');
    const all = new Set(sets.flatMap((set) => [...set])).size;
    say(`${name}: ${own} different results of ${times} with 1, 2 and 4 threads, ${all} of all ${3 * times}`);
    if (sets.some(({ size }) => size > 1)) process.exitCode = 1;
  }
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rim-agents-resume-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
