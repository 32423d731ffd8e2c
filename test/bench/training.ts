import { availableParallelism, cpus } from 'node:os';
import { z } from 'zod';
import { stepsPerUpdate, type Contestant, type Launch, type Training } from './contestant.ts';
import { cleanrlLstm } from './peers/cleanrl.ts';
import { cores, ours } from './peers/ours.ts';
import { steadyRate } from './rate.ts';
import { compare, tableOf, type Machine, type Run } from './report.ts';
import { wholeTraining } from './whole-training.ts';

/** Who is compared with us. Another peer is another line here. */
const peers: readonly Contestant[] = [cleanrlLstm];

const count = (standard: number, text: string): z.ZodDefault<z.ZodNumber> =>
  z.number().int().min(1).max(10_000).default(standard).meta({ text });

/** Flags of `npm run bench -- training`. */
export const trainingOptions = z.strictObject({
  core: z.enum(cores).default('rim').meta({ text: 'our network' }),
  rounds: count(3, 'trainings of each contestant; they take turns'),
  updates: count(10, 'updates that are measured in each training'),
  warmup: count(2, 'first updates of each training that do not count'),
  json: z.boolean().default(false).meta({ text: 'print JSON instead of a table' }),
});

type TrainingOptions = z.infer<typeof trainingOptions>;

/**
 * Compares whole trainings: ours and each peer's in turn, each in fresh processes with nothing else beside it, and with
 * its own default number of threads. Prints one line per training to stderr and the comparison to stdout.
 * @throws BenchError if one cannot be installed or fails; the signal's reason once that is aborted
 */
export async function training(options: TrainingOptions, signal: AbortSignal): Promise<void> {
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const machine: Machine = {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
  };
  const entrants: Entrant[] = [];
  for (const contestant of [ours(options.core), ...peers])
    entrants.push({ contestant, launch: await contestant.prepare({ say, signal }) });

  const runs: Run[] = [];
  for (let round = 1; round <= options.rounds; round += 1)
    // Every other round begins with the other one: what comes first finds a cooler machine.
    for (const entrant of round % 2 === 1 ? entrants : entrants.toReversed()) {
      const run = await trainOnce(entrant, round, options, signal);
      runs.push(run);
      const { stepsPerSecond, firstUpdateSeconds } = run;
      say(
        `round ${round} of ${options.rounds}  ${entrant.contestant.id}: ${stepsPerSecond.toFixed(1)} steps/s, ` +
          `first update after ${firstUpdateSeconds.toFixed(1)} s`,
      );
    }

  const comparison = compare(
    entrants.map(({ contestant }) => contestant),
    runs,
    machine,
    options,
  );
  process.stdout.write(options.json ? `${JSON.stringify(comparison, null, 2)}\n` : tableOf(comparison));
}

interface Entrant {
  readonly contestant: Contestant;
  readonly launch: (training: Training) => Launch;
}

async function trainOnce(
  { contestant, launch }: Entrant,
  round: number,
  options: TrainingOptions,
  signal: AbortSignal,
): Promise<Run> {
  const updates = options.warmup + options.updates;
  const { updateSeconds, ...resources } = await wholeTraining(
    (folder) => launch({ updates, seed: round, folder }),
    { updates, title: contestant.title },
    signal,
  );
  return {
    contestant: contestant.id,
    round,
    stepsPerSecond: steadyRate(updateSeconds, options, stepsPerUpdate),
    firstUpdateSeconds: updateSeconds[0] ?? NaN,
    updateSeconds,
    ...resources,
  };
}
