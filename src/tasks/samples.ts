import { z } from 'zod';

/*
 * The examples that runs of copying, adding, the image tasks and the language model leave in sample.json. `active`: 1
 * where a module was active, one list per step; only of cores made of modules.
 */

const active = z.array(z.array(z.number())).optional();

export const copyingSample = z.object({
  inputs: z.array(z.number().int().min(0).max(9)),
  targets: z.array(z.number().int().min(0).max(9)),
  outputs: z.array(z.number().int().min(0).max(9)),
  active,
});

export const addingSample = z.object({
  /** Per step: a number, and whether it is the first or the second to be added. */
  inputs: z.array(z.tuple([z.number(), z.number(), z.number()])),
  target: z.number(),
  output: z.number(),
  active,
});

export const imageSample = z.object({
  /** Side of the image; its pixels' levels in each channel, row by row. */
  size: z.number().int().min(1),
  channels: z.number().int().min(1).max(3),
  levels: z.number().int().min(2),
  inputs: z.array(z.number().int().min(0)),
  target: z.number(),
  probabilities: z.array(z.number()),
  active,
});

export const languageSample = z.object({
  /** The words that were read, those that came next, and the probability that each of these was given. */
  inputs: z.array(z.string()),
  targets: z.array(z.string()),
  probabilities: z.array(z.number()),
  /** How the network goes on. */
  continuation: z.array(z.string()),
  active,
});

/** An example of a core made of modules. */
type WithModules<Sample> = Sample & { active: readonly (readonly number[])[] };
export type CopyingSample = WithModules<z.infer<typeof copyingSample>>;
export type AddingSample = WithModules<z.infer<typeof addingSample>>;
export type LanguageSample = WithModules<z.infer<typeof languageSample>>;
export type ImageSample = WithModules<z.infer<typeof imageSample>>;
