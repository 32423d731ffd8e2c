import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { type AleResult, checkAleTraces } from '../conformance/ale.ts';
import { readAleFile } from '../conformance/ale-file.ts';
import { aleLine, counts, rimLine, summaryLine } from '../conformance/report.ts';
import type { RimCheck } from '../conformance/rim.ts';
import { readRimFile } from '../conformance/rim-file.ts';
import { UserError } from '../errors.ts';
import { checked } from '../settings/checked.ts';
import { addFlags } from './flags.ts';
import { command, runCommand } from './main.ts';

const json = z.boolean().default(false).meta({ text: 'print one JSON object instead of lines' });
const rimOptions = z.object({ json });
const aleOptions = z.object({
  workers: z.int().min(1).max(256).default(availableParallelism()).meta({ text: 'threads that play' }),
  json,
});

await runCommand(async () => {
  const program = command(
    'conformance',
    'Checks what is computed here against references of others, recorded in files. Exit code 1 if anything differs.',
  );
  addFlags(
    program
      .command('ale')
      .description('games against traces of native ALE, in the format of test/oracle/ale.json')
      .argument('<file>', 'JSON file'),
    aleOptions,
  ).action(async (file: string, flags: Record<string, unknown>) => {
    const { workers, json } = checked(aleOptions, flags);
    const traces = readAleFile(file);
    const games = traces.map(({ game }) => game);
    await report<AleResult>(
      json,
      (result) => aleLine(result, games),
      (onResult) => checkAleTraces(traces, workers, onResult),
    );
  });
  addFlags(
    program
      .command('rim')
      .description('RIM layers, values and gradients, on both kernels, in the format of test/oracle/rims.json')
      .argument('<file>', 'JSON file'),
    rimOptions,
  ).action(async (file: string, flags: Record<string, unknown>) => {
    const cases = readRimFile(file);
    // Only this loads TensorFlow.
    const { checkRimCases } = await import('../conformance/rim.ts');
    const names = [...cases.rim, ...cases.brim].map(({ name }) => name);
    const { json } = checked(rimOptions, flags);
    await report<RimCheck>(
      json,
      (result) => rimLine(result, names),
      (onResult) => checkRimCases(cases, onResult),
    );
  });
  if (process.argv.length < 3)
    throw new UserError('which one? npm run conformance -- ale FILE, or rim FILE (--help tells more)');
  await program.parseAsync();
});

/** Prints each result as it comes, and last how many passed. */
async function report<T extends { readonly difference: string | null }>(
  json: boolean,
  line: (result: T) => string,
  check: (onResult: (result: T) => void) => Promise<void>,
): Promise<void> {
  const results: T[] = [];
  await check((result) => {
    results.push(result);
    if (!json) process.stdout.write(`${line(result)}\n`);
  });
  const last = json ? JSON.stringify({ ...counts(results), results }, null, 2) : summaryLine(results);
  process.stdout.write(`${last}\n`);
  if (counts(results).failed > 0) process.exitCode = 1;
}
