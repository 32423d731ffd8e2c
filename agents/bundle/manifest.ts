import { z } from 'zod';
import type { AgentOptions } from '../actor-critic.ts';
import { coreLimits, mostDropout } from '../cores/limits.ts';
import { UserError } from '../user-error.ts';
import { firstIssue, shown } from '../one-line.ts';
import { damaged } from './damaged.ts';
import { bundleFiles } from './files.ts';
import { sha256Of } from './hash.ts';

/*
 * agent.json: what the network is, what it plays, and how it came about. docs/bundle.md tells the same to a reader.
 */

const format = 2;

const whole = (most: number): z.ZodNumber => z.number().int().min(1).max(most);
const text = z.string();
const single = z.union([text, z.number(), z.boolean(), z.null()]);
/** Settings by name. None holds a structure: what reads them needs no depth. */
const settings = z.record(text, z.union([single, z.array(single)]));

const rimLayer = z.strictObject({
  modules: whole(coreLimits.modules),
  units: whole(coreLimits.units),
  active: whole(coreLimits.active),
  rnn: z.enum(['lstm', 'gru']),
  readInactive: z.enum(['state', 'candidate']),
  inputAttention: z.boolean(),
  inputHeads: whole(coreLimits.inputHeads),
  inputKey: whole(coreLimits.inputKey),
  inputValue: whole(coreLimits.inputValue),
  inputElements: whole(coreLimits.inputElements),
  communication: z.boolean(),
  commGate: z.boolean(),
  commHeads: whole(coreLimits.commHeads),
  commKey: whole(coreLimits.commKey),
  commValue: whole(coreLimits.commValue),
  dropout: z.number().min(0).max(mostDropout),
  initialisation: z.enum(['orthogonal', 'paper']),
});

const core = z.discriminatedUnion('kind', [
  rimLayer.extend({ kind: z.literal('rim') }),
  z.strictObject({ kind: z.literal('brim'), layers: z.array(rimLayer).min(1).max(coreLimits.layers) }),
  z.strictObject({ kind: z.enum(['lstm', 'gru']), units: whole(coreLimits.hidden) }),
  z.strictObject({ kind: z.literal('ff') }),
]);

/** All that determines a network, as agent.json and config.json have it. */
export const agentOptions: z.ZodType<AgentOptions> = z.strictObject({
  observationShape: z.array(whole(65_536)).min(1).max(3),
  observationType: z.enum(['uint8', 'float32']),
  actions: whole(65_536),
  features: whole(8192),
  core,
});

const agentManifest = z.strictObject({
  format: z.literal(format),
  /** All that determines the network. */
  agent: agentOptions,
  environment: z.strictObject({
    /** As `npm run games` lists it. */
    game: text.min(1),
    /** The preprocessing in one line, for a reader. */
    recipe: text,
    /** One name per action, such as 'FIRE'. */
    actionMeanings: z.array(text),
    /** All that makes the environment what the agent saw: of a game of Atari the options of the recipe. */
    settings,
  }),
  training: z.strictObject({
    /** Such as `PPO`. */
    algorithm: text,
    /** Every setting of the run. */
    settings,
    /** Of what decided the numbers, by name. */
    versions: z.record(text, text),
  }),
  weights: z.literal(bundleFiles.weights),
  /** SPDX expression. */
  license: text,
});

/** agent.json without its hash. */
export type AgentManifest = z.infer<typeof agentManifest>;

/** What whoever writes an agent says of it: the rest of {@link AgentManifest} is always the same. */
export interface AgentDescription {
  readonly agent: AgentOptions;
  readonly environment: {
    readonly game: string;
    readonly recipe: string;
    readonly actionMeanings: readonly string[];
    readonly settings: object;
  };
  readonly training: {
    readonly algorithm: string;
    readonly settings: object;
    readonly versions: Readonly<Record<string, string>>;
  };
  readonly license: string;
}

/**
 * The text of agent.json. Settings that are undefined are left out, as JSON has it.
 * @throws Error, ours to mend, where {@link readManifest} would refuse it
 */
export function manifestText({ agent, environment, training, license }: AgentDescription): string {
  const manifest = { format, agent, environment, training, weights: bundleFiles.weights, license };
  const text = JSON.stringify({ ...manifest, sha256: hashOf(manifest) }, finite, 2);
  const { sha256: _, ...written } = JSON.parse(text) as Record<string, unknown>;
  agentManifest.parse(written);
  return `${text}\n`;
}

/**
 * Checks all of an agent.json, and that its content is what its hash was made of.
 * @param content what JSON.parse made of it
 * @throws UserError, one line, for any other form, another version, or a damaged or edited file
 */
export function readManifest(content: unknown): AgentManifest {
  if (typeof content !== 'object' || content === null || !('format' in content))
    damaged('manifest', 'it describes no agent');
  const { sha256, ...rest } = content as { sha256?: unknown; format: unknown };
  if (rest.format !== format)
    throw new UserError(
      `${bundleFiles.manifest} has format ${shown(JSON.stringify(rest.format))}, this version reads ${format}; ` +
        'use the version that wrote it (a run writes its agent anew when it is resumed)',
    );
  const found = agentManifest.safeParse(rest);
  if (!found.success) damaged('manifest', firstIssue(found.error));
  if (sha256 !== hashOf(rest)) damaged('manifest', 'its sha256 is not that of its content');
  return withMeanings(found.data, (reason) => damaged('manifest', reason));
}

/**
 * The manifest of an agent that another file describes.
 * @param refuse throws what is to be said of that file where the description has any other form
 */
export function describedManifest(
  description: Readonly<Record<keyof AgentDescription, unknown>>,
  refuse: (reason: string) => never,
): AgentManifest {
  const found = agentManifest.safeParse({ format, weights: bundleFiles.weights, ...description });
  return found.success ? withMeanings(found.data, refuse) : refuse(firstIssue(found.error));
}

function withMeanings(manifest: AgentManifest, refuse: (reason: string) => never): AgentManifest {
  const { agent, environment } = manifest;
  if (environment.actionMeanings.length !== agent.actions)
    refuse(`${agent.actions} actions, but ${environment.actionMeanings.length} meanings`);
  return manifest;
}

/** JSON would write null for a number that is not finite. */
function finite(name: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`agent.json: ${name} is ${value}`);
  return value;
}

/** Of the content as JSON without white space, names in alphabetical order: it does not hang on how they were put. */
function hashOf(content: object): string {
  const sorted = (_: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return sha256Of(JSON.stringify(content, sorted));
}
