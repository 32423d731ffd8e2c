import { SetUpError } from '../../setup/errors.mjs';
import { addFlags } from '../../src/cli/flags.ts';
import { checked } from '../../src/settings/checked.ts';
import { command, onInterrupt, runCommand } from '../../src/cli/main.ts';
import { UserError } from '../../src/errors.ts';
import { BenchError } from './bench-error.ts';
import { environments, environmentsOptions } from './environments/environments.ts';
import { patchesOptions, patchGains } from './environments/patches.ts';
import { learner, learnerOptions } from './learner.ts';
import { writePage } from './page.ts';
import { scaling, scalingOptions } from './scaling.ts';
import { sequence, sequenceOptions } from './sequence.ts';
import { training, trainingOptions } from './training.ts';

/** `npm run bench -- NAME`: comparisons, measured on this machine. */
await runCommand(async () => {
  const stop = new AbortController();
  const release = onInterrupt(() => stop.abort());
  const program = command('bench', 'Measure trainings on this machine.');
  addFlags(
    program.command('training').description('steps/s of whole PPO trainings on Breakout against other programs'),
    trainingOptions,
  ).action((flags: Record<string, unknown>) => training(checked(trainingOptions, flags), stop.signal));
  addFlags(
    program.command('scaling').description('our steps/s and memory with more environments, workers, threads, groups'),
    scalingOptions,
  ).action((flags: Record<string, unknown>) => scaling(checked(scalingOptions, flags), stop.signal));
  addFlags(
    program.command('learner').description("a minibatch, stage by stage, against PyTorch and the processor's peak"),
    learnerOptions,
  ).action((flags: Record<string, unknown>) => learner(checked(learnerOptions, flags), stop.signal));
  addFlags(
    program.command('sequence').description('training steps/s of sequence tasks against the same networks in PyTorch'),
    sequenceOptions,
  ).action((flags: Record<string, unknown>) => sequence(checked(sequenceOptions, flags), stop.signal));
  addFlags(
    program
      .command('envs')
      .description('frames/s, agent steps/s and memory of Atari environments against other programs'),
    environmentsOptions,
  ).action((flags: Record<string, unknown>) => environments(checked(environmentsOptions, flags), stop.signal));
  addFlags(
    program.command('patches').description("what each of our patches of ALE's source gains, by builds without it"),
    patchesOptions,
  ).action((flags: Record<string, unknown>) => patchGains(checked(patchesOptions, flags), stop.signal));
  program
    .command('page')
    .description(
      'writes the tables of the docs from what training, learner, sequence, envs and patches print with --json',
    )
    .argument('<files...>', 'JSON files')
    .action(writePage);
  try {
    if (process.argv.length < 3)
      throw new UserError(
        'which one? npm run bench -- training, learner, sequence, scaling, envs, patches or page (--help tells more)',
      );
    await program.parseAsync();
  } catch (error) {
    if (stop.signal.aborted) {
      process.stderr.write('stopped; nothing is left running\n');
      process.exitCode = 130;
    } else if (error instanceof BenchError || error instanceof SetUpError) {
      process.stderr.write(`error: ${error.message}\n`);
      process.exitCode = 1;
    } else throw error;
  } finally {
    release();
  }
});
