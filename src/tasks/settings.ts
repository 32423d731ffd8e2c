import { availableParallelism } from 'node:os';
import { z } from 'zod';
import type { CoreSettings } from '../settings/core-settings.ts';
import { UserError } from '../errors.ts';
import { flagName } from '../settings/flag-name.ts';
import { machineSettings } from '../settings/machine-settings.ts';
import { count, fraction, type Notes, positive, setting } from '../settings/setting.ts';

/** What a task has where its user says nothing. */
interface TrainingDefaults {
  /** None for a task with a data set, whose table has `epochs` instead. */
  readonly updates?: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly maxGradNorm: number;
  /** Updates between evaluations; of a task with a data set an epoch, if not given. */
  readonly evaluateEvery?: number;
  readonly patience: number;
  readonly plateauDecay?: number;
  /** Where they come from; what has no source is ours. */
  readonly sources?: Partial<Readonly<Record<'batch' | 'learningRate' | 'maxGradNorm', string | undefined>>>;
}

const option = <T extends z.ZodType>(schema: T, notes: Notes<'run' | 'task' | 'training'>): T => setting(schema, notes);

const { seed, ...machine } = machineSettings({
  portable: 'much slower',
  products: "the core's products",
  onGpu: 'all but the core',
});

/** The settings of training that all tasks have, to be spread into a task's table beside its core's and its own. */
export function trainingSettings(defaults: TrainingDefaults) {
  const { updates, evaluateEvery, sources } = defaults;
  const whole = z.number().int().min(1).max(1_000_000_000);
  const orEpoch = (standard: number | undefined): z.ZodOptional<z.ZodNumber> =>
    (standard === undefined ? whole.optional() : whole.default(standard)) as z.ZodOptional<z.ZodNumber>;
  return {
    seed,
    updates: option(orEpoch(updates), {
      group: 'run',
      text: `updates to train for, at most${updates === undefined ? ' (those of --epochs)' : ''}`,
    }),
    patience: option(z.number().int().min(0).max(1_000_000).default(defaults.patience), {
      group: 'run',
      text: 'end after so many evaluations in a row whose deciding figure is no better, 0 for never',
    }),
    minGain: option(z.number().min(0).default(1e-4), {
      group: 'run',
      text: 'how much better the deciding figure must be to count as better for --patience and --plateau-decay',
    }),
    evaluateEvery: option(orEpoch(evaluateEvery), {
      group: 'run',
      text: `updates between evaluations${evaluateEvery === undefined ? ' (those of an epoch)' : ''}`,
    }),
    checkpointEvery: option(count(500), { group: 'run', text: 'updates between checkpoints, beside evaluations' }),
    ...machine,
    batch: option(count(defaults.batch, 65_536), {
      group: 'training',
      text: 'sequences in each update',
      source: sources?.batch,
    }),
    learningRate: option(positive(defaults.learningRate), {
      group: 'training',
      text: "Adam's step size",
      source: sources?.learningRate,
    }),
    plateauDecay: option(fraction(defaults.plateauDecay ?? 1), {
      group: 'training',
      text: 'multiplies the step size after each evaluation whose deciding figure is no better',
    }),
    adamEpsilon: option(positive(1e-8), {
      group: 'training',
      text: "Adam's epsilon",
      source: 'Kingma and Ba 2015',
    }),
    maxGradNorm: option(positive(defaults.maxGradNorm), {
      group: 'training',
      text: 'global norm to which gradients are clipped',
      source: sources?.maxGradNorm,
    }),
  };
}

/** What every task's table gives. */
export type TrainingSettings = z.infer<z.ZodObject<ReturnType<typeof trainingSettings>>> &
  CoreSettings & {
    /** Passes over the data, of tasks that have a data set. */
    readonly epochs?: number;
  };

export type ResolvedSettings = TrainingSettings & { readonly threads: number };

/** Fills in what depends on the machine. */
export function withThreads(settings: TrainingSettings): ResolvedSettings {
  return { ...settings, threads: settings.threads ?? availableParallelism() };
}

/** A setting that is a list of whole numbers, such as `100,200`. */
export function sizes(standard: string, notes: Notes<'task'>): z.ZodDefault<z.ZodString> {
  return option(z.string().default(standard), { ...notes, placeholder: 'n,n' });
}

/**
 * Reads a list of whole numbers.
 * @param key of the setting, for the error
 * @throws UserError unless each is a whole number of the range, and none is there twice
 */
export function readSizes(key: string, text: string, minimum: number, maximum: number): number[] {
  const parts = text.split(',').map((part) => part.trim());
  const values = parts.map(Number);
  const fits = (value: number, i: number): boolean =>
    parts[i] !== '' && Number.isInteger(value) && value >= minimum && value <= maximum;
  if (!values.every(fits) || new Set(values).size < values.length)
    throw new UserError(
      `${flagName(key)} ${JSON.stringify(text)}: must be whole numbers, ${minimum} to ${maximum}, none twice, ` +
        `with commas between, as in ${minimum},${Math.min(2 * minimum, maximum)}`,
    );
  return values;
}
