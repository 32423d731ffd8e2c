import { sum } from 'simple-statistics';
import { meanShares } from '../report/module-shares.ts';
import type { ModuleActivation } from '../activation/forms.ts';
import { scoreWindow } from '../runs/index.ts';
import type { ReportedArm } from './report/schema.ts';
import type { ComparedRun } from './run-set.ts';

/** How a run's modules were active in its last 100 games, whose steps count alike; none for a core without modules. */
export function moduleActivity({ path, episodes }: ComparedRun): ReportedArm['modules'] {
  const games = episodes.slice(-scoreWindow).flatMap(({ steps, activation }) => {
    return activation && 'shares' in activation ? [{ steps, activation }] : [];
  });
  if (games.length === 0) return [];
  const total = sum(games.map(({ steps }) => steps));
  const mean = (of: (activation: ModuleActivation) => number): number =>
    sum(games.map(({ steps, activation }) => (steps * of(activation)) / total));
  const shares = meanShares(episodes.slice(-scoreWindow));
  return [
    {
      ...{ path, shares },
      attention: shares.map((_, module) => mean(({ attention }) => attention[module] as number)),
      entropy: mean(({ entropy }) => entropy),
      swaps: mean(({ swaps }) => swaps),
      neverChosen: shares.flatMap((share, module) => (share === 0 ? [module] : [])),
    },
  ];
}
