import { z } from 'zod';

const count = z.number().int().min(0);
const share = z.number().min(0).max(1);
const exact: z.ZodType<Float64Array> = z.instanceof(Float64Array);

/** How a core without modules was active. Terms: docs/run-folder.md. */
const unitActivation = z.strictObject({ nearZero: share });

/** How a core made of modules was active; lists have one number per module. Terms: docs/run-folder.md. */
const moduleActivation = unitActivation.extend({
  modules: count,
  active: count,
  shares: z.array(share),
  attention: z.array(share),
  entropy: z.number(),
  swaps: z.number().min(0),
  neverChosen: z.array(count),
});

/** Of either kind of core, as files hold it. */
export const activation = z.union([moduleActivation, unitActivation]);

/** Sums over some steps of some sequences, as checkpoints hold them; lists have one number per module. */
const activationSums = z.object({
  steps: count,
  /** Hidden units near zero. */
  nearZero: count,
  /** Modules that were active and had not been in the step before, and the steps that had a step before. */
  swaps: count,
  changes: count,
  /** (n): steps in which each module was active; attention that it paid to its input. */
  active: exact,
  attention: exact,
});

/** Of games under way, by environment; (E, n): 1 where a module was active in the last step. */
export const gamesActivation = z.object({
  games: z.array(activationSums),
  previous: z.instanceof(Uint8Array) as z.ZodType<Uint8Array>,
});

export type ModuleActivation = z.infer<typeof moduleActivation>;
export type ActivationStatistics = z.infer<typeof activation>;
export type ActivationSums = z.infer<typeof activationSums>;
export type GamesActivation = z.infer<typeof gamesActivation>;
