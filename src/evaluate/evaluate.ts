import type { AtariOptions } from '../../envs/atari/options.ts';
import { listedOf } from '../environments/of-agent.ts';
import { UserError } from '../errors.ts';
import { flagName } from '../settings/flag-name.ts';
import { describeStart } from '../runs/config.ts';
import { AtariGames } from './games/atari-games.ts';
import type { Evaluation } from './evaluation.ts';
import type { Games } from './games/games.ts';
import { ListedGames } from './games/listed-games.ts';
import type { PlayedGame } from './game.ts';
import { overallActivation, playGames } from './play.ts';
import { loadPlayer, type Player } from './players/player.ts';
import { evaluatedOptions, type Protocol, protocolOptions } from './protocol.ts';
import type { EvaluationSettings } from './settings.ts';
import { summarised } from './summary.ts';

export interface Evaluating {
  /** Folder of a run or of a bundle, or an ONNX file. */
  readonly path: string;
  readonly settings: EvaluationSettings;
  /** What was typed, for the record. */
  readonly command: string;
  /** Whether games of Atari keep what it takes to show them. */
  readonly record: boolean;
  /** Told of every game as it ends. */
  readonly finished: (game: PlayedGame) => void;
  readonly signal: AbortSignal;
}

/** What an evaluation found, and what videos of it need. */
export interface Evaluated {
  readonly evaluation: Evaluation;
  readonly games: readonly PlayedGame[];
  /** All options of a game of Atari; undefined for another environment. */
  readonly atari: AtariOptions | undefined;
  /** Modules of the core, 0 where it has none. */
  readonly modules: number;
}

/**
 * Plays whole games with a frozen agent. The same agent, settings and threads give the same games where the
 * same kernels (native or portable), processor and versions compute.
 * @returns undefined once `signal` is aborted
 * @throws UserError where there is no agent, it or its environment is of another version, or a setting is out of range
 *   or without effect
 */
export async function evaluateAgent(evaluating: Evaluating): Promise<Evaluated | undefined> {
  const { path, settings, command, record, finished, signal } = evaluating;
  const player = await loadPlayer(path, settings.threads);
  try {
    const { games, atari, given } = await openGames(player, settings);
    try {
      const { episodes, seed, greedy, protocol: name } = settings;
      const playing = { episodes, seed, greedy, record: record && atari !== undefined };
      const played = await playGames(player, games, playing, { finished, signal });
      if (signal.aborted) return undefined;
      const { manifest, agentStep, update, sha256, parameterCount, core } = player;
      const evaluation: Evaluation = {
        format: 2,
        created: new Date().toISOString(),
        command,
        agent: { path, sha256, agentStep, update, core: manifest.agent.core.kind, parameters: parameterCount },
        game: manifest.environment.game,
        recipe: games.recipe,
        protocol: { name, given, episodes, seed, greedy, settings: { ...(atari ?? manifest.environment.settings) } },
        summary: summarised(
          { name: manifest.environment.game, mode: atari?.mode, difficulty: atari?.difficulty },
          played,
          overallActivation(played, player),
        ),
        games: played.map(({ recording: _, sums: __, ...game }) => game),
        ...describeStart({ ...games.versions, ...player.versions }),
        threads: player.threads,
      };
      return { evaluation, games: played, atari, modules: core.modules?.count ?? 0 };
    } finally {
      await games.close();
    }
  } finally {
    await player.dispose();
  }
}

interface Opened {
  readonly games: Games;
  readonly atari: AtariOptions | undefined;
  /** Options that were given over the protocol. */
  readonly given: Partial<Protocol>;
}

async function openGames({ manifest: { environment } }: Player, settings: EvaluationSettings): Promise<Opened> {
  const { episodes, envs, protocol, workers } = settings;
  const count = Math.min(envs, episodes);
  const found = listedOf(environment);
  if (found) {
    refuseAtari(settings, found.name);
    return { games: new ListedGames(found, count), atari: undefined, given: {} };
  }
  const given: Partial<Protocol> = Object.fromEntries(
    Object.entries(protocolOptions)
      .map(([name, option]) => [option, settings[name as keyof typeof protocolOptions]] as const)
      .filter(([, value]) => value !== undefined),
  );
  const atari = evaluatedOptions(environment, protocol, given);
  return { games: await AtariGames.create({ game: environment.game, options: atari, count, workers }), atari, given };
}

/** Settings that do nothing where the environment is no game of Atari. */
function refuseAtari(settings: EvaluationSettings, name: string): void {
  const names = [...Object.keys(protocolOptions), 'workers'] as (keyof EvaluationSettings)[];
  const given = names.find((setting) => settings[setting] !== undefined);
  if (given !== undefined)
    throw new UserError(`${flagName(given)} does nothing in ${name}, which is no game of Atari; leave it out`);
  if (settings.protocol !== 'trained')
    throw new UserError(`--protocol ${settings.protocol} is of games of Atari, and ${name} is none; leave it out`);
}
