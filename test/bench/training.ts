import { z } from 'zod';
import { UserError } from '../../src/errors.ts';
import { stepsPerUpdate, type Contestant, type Launch, type Training } from './contestant.ts';
import { circumstances } from './machine.ts';
import { cleanrlFeedForward, cleanrlLstm } from './peers/cleanrl.ts';
import { peersPython } from './peers/environment.ts';
import { ourContestants } from './peers/ours.ts';
import { recurrentPpo, stableBaselines } from './peers/stable-baselines.ts';
import { fewest, hasEnough, steadyRate } from './rate.ts';
import { compare, tableOf, type Run } from './report.ts';
import { wholeTraining } from './whole-training.ts';

/** Who can take part. Another peer is another line here. */
const all: readonly Contestant[] = [
  ...ourContestants,
  cleanrlLstm,
  cleanrlFeedForward,
  stableBaselines,
  ...recurrentPpo,
];
const names = all.map(({ id }) => id);

const count = (standard: number, text: string, least = 1): z.ZodDefault<z.ZodNumber> =>
  z.number().int().min(least).max(10_000).default(standard).meta({ text });

/** Flags of `npm run bench -- training`. */
export const trainingOptions = z.strictObject({
  contestants: z.string().default(names.join(',')).meta({ text: 'who takes part, with commas between' }),
  rounds: count(3, 'trainings of each contestant; they take turns'),
  updates: count(10, 'most updates that are measured in each training', fewest),
  seconds: count(20, 'a training ends when it was measured for so long, but not before its second measured update'),
  warmup: count(1, 'first updates of each training that do not count'),
  json: z.boolean().default(false).meta({ text: 'print JSON instead of a table' }),
});

type TrainingOptions = z.infer<typeof trainingOptions>;

/** @param list names with commas between @throws UserError naming one that there is not, and those there are */
export function chosenContestants(list: string): Contestant[] {
  return [...new Set(list.split(','))].map((name) => {
    const found = all.find(({ id }) => id === name);
    if (!found) throw new UserError(`--contestants "${name}": must be among ${names.join(', ')}`);
    return found;
  });
}

/**
 * Compares whole trainings: each contestant's in turn, each in fresh processes with nothing else beside it, and with
 * its own default number of threads. Prints one line per training to stderr and the comparison to stdout.
 * @throws BenchError if one cannot be installed or fails; the signal's reason once that is aborted
 */
export async function training(options: TrainingOptions, signal: AbortSignal): Promise<void> {
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const contestants = chosenContestants(options.contestants);
  const python = contestants.some(({ isPeer }) => isPeer) ? await peersPython({ say, signal }) : undefined;
  const where = circumstances(python);
  const entrants: Entrant[] = [];
  for (const contestant of contestants)
    entrants.push({ contestant, launch: await contestant.prepare(python ?? 'python3') });

  const runs: Run[] = [];
  for (let round = 1; round <= options.rounds; round += 1)
    // Every other round goes the other way: what comes first finds a cooler machine.
    for (const entrant of round % 2 === 1 ? entrants : entrants.toReversed()) {
      const run = await trainOnce(entrant, round, options, signal);
      runs.push(run);
      const { stepsPerSecond, firstUpdateSeconds } = run;
      say(
        `round ${round} of ${options.rounds}  ${entrant.contestant.id}: ${stepsPerSecond.toFixed(1)} steps/s, ` +
          `first update after ${firstUpdateSeconds.toFixed(1)} s`,
      );
    }

  const comparison = compare(contestants, runs, where, options);
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
    { updates, title: contestant.title, isEnough: (ends) => hasEnough(ends, options) },
    signal,
  );
  return {
    contestant: contestant.id,
    round,
    stepsPerSecond: steadyRate(updateSeconds, options.warmup, stepsPerUpdate),
    firstUpdateSeconds: updateSeconds[0] ?? NaN,
    updateSeconds: [...updateSeconds],
    ...resources,
  };
}
