import { z } from 'zod';
import { readReferenceFile } from './reference-file.ts';

const uint32 = z.int().min(0).max(0xffff_ffff);
const seed = z.int().min(0).max(0x7fff_ffff);
const action = z.int().min(0).max(17);
const probability = z.number().min(0).max(1);

const rawTrace = z.object({
  game: z.string(),
  repeatActionProbability: probability,
  seed,
  minimalActions: z.array(action).min(1),
  /** Height and width. */
  screen: z.tuple([z.int(), z.int()]),
  /** Frames between marks. */
  every: z.int().min(1),
  /** Hash of the screen, hash of the RAM, summed reward, lives, resets so far. */
  marks: z.array(z.tuple([uint32, uint32, z.number(), z.int(), z.int()])).min(1),
});

const preprocessedTrace = z
  .object({
    game: z.string(),
    repeatActionProbability: probability.default(0),
    seed,
    /** After the reset and after every step, of (4, 84, 84) bytes. */
    observationHashes: z.array(uint32).min(1),
    rewards: z.array(z.number()),
    terminated: z.array(z.union([z.boolean(), z.literal([0, 1])]).transform(Boolean)),
  })
  .superRefine(({ observationHashes, rewards, terminated }, context) => {
    const wrong = (name: string, length: number, wanted: number): void =>
      context.addIssue(`${length} ${name} where ${wanted} belong to ${rewards.length} rewards`);
    if (observationHashes.length !== rewards.length + 1)
      wrong('observationHashes', observationHashes.length, rewards.length + 1);
    if (terminated.length !== rewards.length) wrong('terminated', terminated.length, rewards.length);
  });

const aleFile = z
  .object({ raw: z.array(rawTrace).default([]), preprocessed: z.array(preprocessedTrace).default([]) })
  .refine(
    ({ raw, preprocessed }) => raw.length + preprocessed.length > 0,
    'it has no traces, neither raw nor preprocessed',
  );

/** Frames of ALE itself. */
export type RawTrace = z.infer<typeof rawTrace>;
/** Agent steps of ale-py's AtariVectorEnv. */
export type PreprocessedTrace = z.infer<typeof preprocessedTrace>;
export type AleTrace = ({ kind: 'raw' } & RawTrace) | ({ kind: 'preprocessed' } & PreprocessedTrace);

/**
 * Traces of native ALE, in the format that test/oracle/ale.json describes under `format`; one of both kinds may be
 * missing.
 * @throws UserError if the file cannot be read or has another format
 */
export function readAleFile(path: string): AleTrace[] {
  const { raw, preprocessed } = readReferenceFile(path, aleFile, 'ale.json');
  return [
    ...raw.map((trace) => ({ kind: 'raw' as const, ...trace })),
    ...preprocessed.map((trace) => ({ kind: 'preprocessed' as const, ...trace })),
  ];
}
