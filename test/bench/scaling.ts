import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { z } from 'zod';
import { UserError } from '../../src/errors.ts';
import { cores, ppo } from './peers/ours.ts';
import { measuredUpdates, plan, type Setting, usualLists } from './scaling-plan.ts';
import {
  epochs,
  minibatches,
  rolloutSteps,
  type Scaling,
  scalingPage,
  type ScalingRun,
  scalingTable,
} from './scaling-report.ts';
import { slowNetworks } from './slow-network.ts';
import { wholeTraining } from './whole-training.ts';

const usual = usualLists();
const list = (key: keyof Setting, text: string): z.ZodDefault<z.ZodString> =>
  z
    .string()
    .regex(/^\d+(,\d+)*$/)
    .default(usual[key].join())
    .meta({ text });

/** Flags of `npm run bench -- scaling`. */
export const scalingOptions = z.strictObject({
  core: z.enum(cores).default('rim').meta({ text: 'our network' }),
  envs: list('envs', 'environments, such as 8,16; the first value of each list makes the base that the others vary'),
  workers: list('workers', 'threads that step environments'),
  threads: list('threads', 'threads of TensorFlow'),
  groups: list('groups', 'groups of environments'),
  steps: z.number().int().min(1).max(1e9).default(8192).meta({ text: 'agent steps to measure in each training' }),
  rounds: z.number().int().min(1).max(100).default(1).meta({ text: 'trainings of each setting' }),
  json: z.boolean().default(false).meta({ text: 'print JSON instead of a table' }),
  write: z.boolean().default(false).meta({ text: 'write docs/scaling.md and docs/benchmarks/scaling.json too' }),
});

type ScalingOptions = z.infer<typeof scalingOptions>;

/** First updates that do not count. */
const warmup = 1;
const docs = new URL('../../docs/', import.meta.url);

/**
 * Trains a little with each setting, one training after the other, and prints steps per second and memory.
 * @throws BenchError if a training fails; the signal's reason once that is aborted
 */
export async function scaling(options: ScalingOptions, signal: AbortSignal): Promise<void> {
  const settings = plan({
    envs: numbers('envs', options.envs, minibatches),
    workers: numbers('workers', options.workers),
    threads: numbers('threads', options.threads),
    groups: numbers('groups', options.groups),
  });
  const runs: ScalingRun[] = [];
  for (let round = 1; round <= options.rounds; round += 1)
    for (const setting of settings) {
      runs.push(await trainWith(setting, round, options, signal));
      const { stepsPerSecond } = runs.at(-1) as ScalingRun;
      const said = Object.entries(setting).map(([name, value]) => `${name} ${value}`);
      const rates = stepsPerSecond.map((rate) => rate.toFixed(0)).join(' ');
      process.stderr.write(
        `${runs.length} of ${options.rounds * settings.length}  ${said.join(', ')}: ${rates} steps/s\n`,
      );
    }
  const measured: Scaling = {
    date: new Date().toISOString().slice(0, 10),
    machine: {
      processor: cpus()[0]?.model.trim() ?? 'unknown',
      cores: availableParallelism(),
      memoryBytes: totalmem(),
      node: process.versions.node,
    },
    core: options.core,
    warmup,
    runs,
    slowNetworks: await slowNetworks([0.5, 0.85], signal),
  };
  const json = `${JSON.stringify(measured, null, 1)}\n`;
  process.stdout.write(options.json ? json : scalingTable(measured));
  if (!options.write) return;
  mkdirSync(new URL('benchmarks', docs), { recursive: true });
  writeFileSync(new URL('benchmarks/scaling.json', docs), json);
  writeFileSync(new URL('scaling.md', docs), scalingPage(measured));
}

/** @throws UserError for a number that no training takes */
function numbers(flag: string, text: string, divisor = 1): number[] {
  const values = text.split(',').map(Number);
  const wrong = values.find((value) => value < 1 || value > 1024 || value % divisor !== 0);
  if (wrong === undefined) return values;
  const multiple = divisor === 1 ? '' : `, multiples of ${divisor}`;
  throw new UserError(`--${flag} ${text}: ${wrong} is not possible; give numbers from 1 to 1024${multiple}`);
}

async function trainWith(
  setting: Setting,
  round: number,
  { core, steps }: ScalingOptions,
  signal: AbortSignal,
): Promise<ScalingRun> {
  const perUpdate = setting.envs * rolloutSteps;
  const updates = warmup + measuredUpdates(setting, steps);
  const flags = { game: 'Breakout', core, seed: round, rollout: rolloutSteps, minibatches, epochs, ...setting };
  const { updateSeconds, peakBytes, othersCores } = await wholeTraining(
    (folder) => ppo({ ...flags, steps: updates * perUpdate }, folder),
    { updates, title: `--envs ${setting.envs}` },
    signal,
  );
  const ends = updateSeconds.slice(warmup - 1);
  return {
    ...setting,
    round,
    stepsPerSecond: ends.slice(1).map((end, i) => perUpdate / (end - (ends[i] as number))),
    firstUpdateSeconds: updateSeconds[0] as number,
    peakBytes: peakBytes ?? null,
    othersCores: othersCores ?? null,
  };
}
