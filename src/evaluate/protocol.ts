import type { AgentManifest } from '../../agents/bundle/manifest.ts';
import { atariOptions, type AtariOptions } from '../../envs/atari/options.ts';
import { atariPresets } from '../../envs/atari/presets.ts';

/** What an evaluation may decide of a game of Atari, by its settings: the options of the recipe that they are. */
export const protocolOptions = {
  sticky: 'repeatActionProbability',
  noops: 'noopMax',
  fireReset: 'fireReset',
  lifeLoss: 'terminalOnLifeLoss',
  frameCap: 'maxNumFramesPerEpisode',
} as const satisfies Readonly<Record<string, keyof AtariOptions>>;

/** All else stays as the agent learned it. */
export type Protocol = Pick<AtariOptions, (typeof protocolOptions)[keyof typeof protocolOptions]>;

/**
 * The protocols that scores are published with.
 *
 * machado: Machado et al. 2018, section 4: sticky actions, whole games of at most five minutes, nothing of lives.
 * The other three as {@link atariPresets} has them: `v5`, ALE's own environments, the same but for half an hour;
 * `NoFrameskip-v4`, up to 30 no-ops and no sticky actions; `baselines`, what OpenAI Baselines trains and evaluates in:
 * the same, FIRE is pressed for the agent, and a lost life ends an episode, so that what it remembers is reset.
 */
const protocols: Readonly<Record<Exclude<ProtocolName, 'trained'>, Protocol>> = {
  machado: { ...picked(atariPresets.v5), maxNumFramesPerEpisode: 18_000 },
  v5: picked(atariPresets.v5),
  'NoFrameskip-v4': picked(atariPresets['NoFrameskip-v4']),
  baselines: picked(atariPresets.baselines),
};

/** `trained`: as the agent learned. */
export const protocolNames = ['trained', 'machado', 'v5', 'NoFrameskip-v4', 'baselines'] as const;
export type ProtocolName = (typeof protocolNames)[number];

/**
 * How games are played: as a protocol says, or as the agent learned, and over it what is given.
 * @param learned all options of the recipe that it learned with
 */
export function protocolOf(name: ProtocolName, learned: Protocol, given: Partial<Protocol>): Protocol {
  return { ...(name === 'trained' ? picked(learned) : protocols[name]), ...given };
}

/**
 * All options of the game of Atari in which an agent is evaluated: its own, played by a protocol, scores unclipped.
 * @param environment of its agent.json @param given over the protocol
 * @throws UserError for options that this version does not have
 */
export function evaluatedOptions(
  { game, settings }: Pick<AgentManifest['environment'], 'game' | 'settings'>,
  name: ProtocolName,
  given: Partial<Protocol> = {},
): AtariOptions {
  const learned = atariOptions(settings, `the settings of ${game}`);
  return { ...learned, ...protocolOf(name, learned, given), rewardClip: false };
}

function picked(options: Protocol): Protocol {
  return Object.fromEntries(Object.values(protocolOptions).map((name) => [name, options[name]])) as unknown as Protocol;
}
