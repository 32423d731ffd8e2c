import { UserError } from '../errors.ts';
import { type ComparedArm, gamesIn } from './run-set.ts';

/**
 * What of the arms can be compared: their runs in the games that all of them have.
 * @returns the arms, and a sentence on each game that is left out
 * @throws UserError if there are fewer than two arms, or no game is left
 */
export function inCommonGames(arms: readonly ComparedArm[]): { arms: ComparedArm[]; notes: string[] } {
  if (arms.length < 2)
    throw new UserError(
      `a comparison has two arms at least, and there is ${arms.map(({ name }) => name).join('') || 'none'}: ` +
        'name runs that differ in more than game and seed',
    );
  const games = gamesIn(arms);
  const lacking = new Map(
    games.map((game) => [game, arms.filter(({ runs }) => !runs.some((run) => run.game === game))]),
  );
  const whole = new Set(games.filter((game) => lacking.get(game)?.length === 0));
  if (whole.size === 0)
    throw new UserError(
      `no game has a run of every arm (${arms.map(({ name }) => name).join('; ')}): train what is missing`,
    );
  return {
    arms: arms.map((arm) => ({ ...arm, runs: arm.runs.filter(({ game }) => whole.has(game)) })),
    notes: [...lacking].flatMap(([game, without]) =>
      without.length > 0
        ? [`${game} is left out: ${without.map(({ name }) => name).join(', ')} has no run of it.`]
        : [],
    ),
  };
}
