import { median } from 'simple-statistics';
import { z } from 'zod';
import { circumstances } from '../machine.ts';
import { beside, envpoolPython, envpoolVersion, peersPython } from '../peers/environment.ts';
import { answerOf, ownProgram } from './answer.ts';
import { type ContestantId, contestants, type Measurement, plan } from './plan.ts';
import { environmentsMeasured, environmentsText, type MeasuredTask } from './report.ts';

/** Flags of `npm run bench -- envs`. */
export const environmentsOptions = z.strictObject({
  rounds: z.number().int().min(1).max(100).default(3).meta({ text: 'of all measurements; they take turns' }),
  seconds: z.number().min(0.1).max(600).default(2).meta({ text: 'that a rate is measured over' }),
  what: z
    .enum(['all', 'frames', 'preprocessing', 'instances', 'memory', 'steps'])
    .default('all')
    .meta({ text: 'only this kind of measurement' }),
  json: z.boolean().default(false).meta({ text: 'print JSON instead of tables' }),
});

/**
 * Compares our Atari environments with ale-py, EnvPool and Gymnasium, and prints the tables.
 * @throws BenchError if one cannot be installed or fails; the signal's reason once that is aborted
 */
export async function environments(options: z.infer<typeof environmentsOptions>, signal: AbortSignal): Promise<void> {
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const wanted = plan(options.seconds).filter(({ task }) => options.what === 'all' || task.what === options.what);
  const peers = await peersPython({ say, signal });
  const envpool = wanted.some(({ of }) => of === 'envpool') ? await envpoolPython({ say, signal }) : undefined;
  const where = circumstances(peers);
  const versions = { ...where.versions, ...(envpool && { envpool: envpoolVersion }) };

  const results = new Map<string, MeasuredTask>();
  const disturbances: number[] = [];
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const measurement of round % 2 === 1 ? wanted : wanted.toReversed()) {
      const python = measurement.of === 'envpool' ? envpool : peers;
      const { figures, othersCores } = await measureOnce(measurement, python ?? peers, signal);
      if (othersCores !== undefined) disturbances.push(othersCores);
      for (const [figure, value] of Object.entries(figures)) add(results, measurement, figure, value);
      say(`round ${round} of ${options.rounds}  ${JSON.stringify(measurement)}: ${JSON.stringify(figures)}`);
    }
  }
  const ordered = [...results.values()].sort((a, b) => contestants.indexOf(a.of) - contestants.indexOf(b.of));
  const others = disturbances.length > 0 ? median(disturbances) : undefined;
  const measured = environmentsMeasured(ordered, options.seconds, others, { ...where, versions });
  process.stdout.write(options.json ? `${JSON.stringify(measured, null, 1)}\n` : environmentsText(measured));
}

function add(to: Map<string, MeasuredTask>, { of, task }: Measurement, figure: string, value: number): void {
  const key = JSON.stringify([of, task, figure]);
  const entry = to.get(key) ?? { of, task, figure: figure as MeasuredTask['figure'], rounds: [] };
  entry.rounds.push(value);
  to.set(key, entry);
}

const answer = z.union([z.number().positive(), z.strictObject({ bytes: z.number(), seconds: z.number().positive() })]);

/** One measurement in a process of its own. @throws BenchError as {@link answerOf} */
async function measureOnce(
  { of, task }: Measurement,
  python: string,
  signal: AbortSignal,
): Promise<{ figures: Readonly<Record<string, number>>; othersCores: number | undefined }> {
  const json = JSON.stringify(task);
  const { result, othersCores } = await answerOf(commandOf(of, json, python), `${of}, ${json}`, answer, signal);
  const figures: Readonly<Record<string, number>> =
    typeof result === 'number' ? { perSecond: result } : { bytes: Math.max(0, result.bytes), seconds: result.seconds };
  return { figures, othersCores };
}

function commandOf(of: ContestantId, task: string, python: string): { command: string; args: readonly string[] } {
  return of === 'ours'
    ? ownProgram(new URL('ours.ts', import.meta.url), task)
    : { command: python, args: ['-B', beside('environments.py'), task] };
}
