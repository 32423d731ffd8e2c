import { sum } from 'simple-statistics';
import { coreUses } from '../settings/core-settings.ts';
import { nameInWords } from '../settings/words.ts';
import { type ComparedArm, gamesIn, ownSettings } from './run-set.ts';
import { chanceOfOrder } from './verdict.ts';

/** What must be known to judge the figures, by what the runs are. */
export function caveatsOf(
  arms: readonly ComparedArm[],
  { trainingScores }: { readonly trainingScores: boolean },
): string[] {
  const games = gamesIn(arms);
  const counts = arms.map(({ runs }) => games.map((game) => runs.filter((run) => run.game === game).length));
  const fewest = Math.min(...counts.flat());
  const few = counts.toSorted((a, b) => sum(a) - sum(b)).slice(0, 2);
  const chance = chanceOfOrder(few[0] ?? [], few[1] ?? []);
  const each = `With ${fewest} ${fewest === 1 ? 'run' : 'runs'} of each arm and game`;
  const pairs = (arms.length * (arms.length - 1)) / 2;
  const differing = differingSettings(arms);
  return [
    ...(chance > 0.01
      ? [
          chance >= 1
            ? `${each} one of two arms is always ahead of the other, also where they are equal.`
            : `${each}, every run of one of two equal arms lies above every run of the other once in ` +
              `${Math.round(1 / chance)} comparisons, by chance.`,
        ]
      : []),
    ...(fewest < 10
      ? ['The bootstrap draws only from the runs that there are: with so few of them its intervals are too narrow.']
      : []),
    ...(fewest * games.length < 4
      ? ['With fewer than four runs of an arm its IQM leaves none out: it is the mean.']
      : []),
    ...(pairs > 1
      ? [`Which arm leads was seen from the scores: an interval holds for one of the ${pairs} pairs, not for the best.`]
      : []),
    differing.length === 0
      ? 'All arms have the same settings but for their cores: other settings may order them otherwise.'
      : `The arms differ in more than their cores: ${differing.join('; ')}. What orders them may be that.`,
    ...(trainingScores
      ? [
          'Scores are of games played in training, by a policy that was changing, with actions drawn from it and the ' +
            "training's preprocessing.",
        ]
      : []),
    ...(games.length === 1 ? [`One game, ${games[0]}, says nothing of others.`] : []),
  ];
}

/** Settings that two arms have both, with other values, in words. A core's own that another lacks are of the core. */
function differingSettings(arms: readonly ComparedArm[]): string[] {
  const all = arms.flatMap(({ core, runs }) => (runs[0] ? [{ core, own: ownSettings(runs[0]) }] : []));
  const keys = new Set(all.flatMap(({ own }) => Object.keys(own)));
  keys.delete('core');
  return [...keys].flatMap((key) => {
    const values = new Set(all.filter(({ core }) => coreUses(core, key)).map(({ own }) => own[key]));
    const words = [...values].map((value) => JSON.stringify(value)?.replaceAll('"', '') ?? 'none');
    return values.size > 1 ? [`${nameInWords(key)} ${words.join(' or ')}`] : [];
  });
}
