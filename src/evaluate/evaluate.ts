import { atariOptions, type AtariOptions } from '../../envs/atari/options.ts';
import { listedOf } from '../environment-of.ts';
import { UserError } from '../errors.ts';
import { flagName } from '../flag-name.ts';
import { describeStart } from '../runs/config.ts';
import { AtariGames } from './games/atari-games.ts';
import type { Evaluation } from './evaluation.ts';
import type { Games } from './games/games.ts';
import { ListedGames } from './games/listed-games.ts';
import { overallActivation, type PlayedGame, playGames, type RecordedGame } from './play.ts';
import { loadPlayer, type Player } from './players/player.ts';
import { protocolOf, protocolOptions } from './protocol.ts';
import type { EvaluationSettings } from './settings.ts';
import { summarised } from './summary.ts';

export interface Evaluating {
  /** Folder of a run or of a bundle, or an ONNX file. */
  readonly path: string;
  readonly settings: EvaluationSettings;
  /** What was typed, for the record. */
  readonly command: string;
  /** Told of every game as it ends. */
  readonly finished: (game: PlayedGame) => void;
  readonly signal: AbortSignal;
}

/** What an evaluation found, and what pictures of it need. */
export interface Evaluated {
  readonly evaluation: Evaluation;
  readonly games: readonly RecordedGame[];
  /** All options of a game of Atari; undefined for another environment. */
  readonly atari: AtariOptions | undefined;
  /** Modules of the core, 0 where it has none. */
  readonly modules: number;
}

/**
 * Plays whole games with a frozen agent. The same agent, settings and threads give the same games.
 * @returns undefined once `signal` is aborted
 * @throws UserError where there is no agent, it or its environment is of another version, or a setting is out of range
 *   or without effect
 */
export async function evaluateAgent(evaluating: Evaluating): Promise<Evaluated | undefined> {
  const { path, settings, command, finished, signal } = evaluating;
  const player = await loadPlayer(path, settings.threads);
  try {
    const { games, atari } = await openGames(player, settings);
    try {
      const { episodes, seed, greedy, preset } = settings;
      const played = await playGames(player, games, { episodes, seed, greedy }, { finished, signal });
      if (signal.aborted) return undefined;
      const { manifest, agentStep, update, sha256, parameterCount, core } = player;
      const evaluation: Evaluation = {
        ...{ format: 1, created: new Date().toISOString(), command },
        agent: { path, sha256, agentStep, update, core: manifest.agent.core.kind, parameters: parameterCount },
        ...{ game: manifest.environment.game, recipe: games.recipe },
        protocol: { episodes, seed, greedy, preset, settings: { ...(atari ?? manifest.environment.settings) } },
        summary: summarised(manifest.environment.game, played, overallActivation(played, player)),
        games: played.map(({ actions: _, active: __, sums: ___, ...game }) => game),
        versions: describeStart({ ...games.versions, ...player.versions }).versions,
      };
      return { evaluation, games: played, atari, modules: core.modules?.count ?? 0 };
    } finally {
      await games.close();
    }
  } finally {
    player.dispose();
  }
}

async function openGames(
  { manifest: { environment } }: Player,
  settings: EvaluationSettings,
): Promise<{ readonly games: Games; readonly atari: AtariOptions | undefined }> {
  const { episodes, envs, preset, workers } = settings;
  const count = Math.min(envs, episodes);
  const found = listedOf(environment);
  if (found) {
    refuseAtari(settings, found.name);
    return { games: new ListedGames(found, count), atari: undefined };
  }
  const learned = atariOptions(environment.settings as Partial<AtariOptions>, `the settings of ${environment.game}`);
  const given = Object.fromEntries(
    Object.entries(protocolOptions).map(([name, option]) => [option, settings[name as keyof typeof protocolOptions]]),
  );
  const atari: AtariOptions = { ...learned, ...protocolOf(preset, learned, given), rewardClip: false };
  return { games: await AtariGames.create({ game: environment.game, options: atari, count, workers }), atari };
}

/** Settings that do nothing where the environment is no game of Atari. */
function refuseAtari(settings: EvaluationSettings, name: string): void {
  const names = [...Object.keys(protocolOptions), 'workers'] as (keyof EvaluationSettings)[];
  const given = names.find((setting) => settings[setting] !== undefined);
  if (given !== undefined)
    throw new UserError(`${flagName(given)} does nothing in ${name}, which is no game of Atari; leave it out`);
  if (settings.preset !== 'trained')
    throw new UserError(`--preset ${settings.preset} is of games of Atari, and ${name} is none; leave it out`);
}
