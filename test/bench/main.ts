import { SetUpError } from '../../setup/errors.mjs';
import { addFlags, resolve } from '../../src/cli/flags.ts';
import { command, onInterrupt, runCommand } from '../../src/cli/main.ts';
import { UserError } from '../../src/errors.ts';
import { BenchError } from './bench-error.ts';
import { training, trainingOptions } from './training.ts';

/** `npm run bench -- NAME`: comparisons with other programs, measured on this machine. */
await runCommand(async () => {
  const stop = new AbortController();
  const release = onInterrupt(() => stop.abort());
  const program = command('bench', 'Compare with other programs on this machine.');
  addFlags(
    program.command('training').description('steps/s of whole PPO trainings on Breakout against CleanRL'),
    trainingOptions,
  ).action((flags: Record<string, unknown>) => training(resolve(trainingOptions, flags), stop.signal));
  try {
    if (process.argv.length < 3) throw new UserError('which comparison? npm run bench -- training (--help tells more)');
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
