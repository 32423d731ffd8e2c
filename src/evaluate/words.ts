import { grouped, score } from '../text/words.ts';
import type { Evaluation } from './evaluation.ts';

/** An evaluation as lines for a reader. */
export function evaluationText({ agent, game, recipe, protocol, summary }: Evaluation): string {
  const { mean, median, deviation, lowest, highest, iqm, humanNormalised, meanSteps, truncated } = summary;
  const { episodes, greedy, seed } = protocol;
  const rows = [
    ['mean', deviation === null ? score(mean) : `${score(mean)} ± ${score(deviation)} (deviation of a game's score)`],
    ['median', `${score(median)}, from ${score(lowest)} to ${score(highest)}`],
    ['IQM', `${score(iqm.estimate)}, 95 % interval ${score(iqm.low)} to ${score(iqm.high)}`],
    ...(humanNormalised === null
      ? []
      : [['human-normalised', `${humanNormalised.toFixed(3)} (0: random play, 1: a human)`]]),
    ['steps', `${grouped(meanSteps)} a game${truncated > 0 ? `; ${truncated} of ${episodes} games were cut` : ''}`],
    ...activity(summary.activation),
  ];
  const width = Math.max(...rows.map(([name = '']) => name.length));
  return [
    `${game} · ${agent.core}, ${grouped(agent.parameters)} parameters, ${grouped(agent.agentStep)} steps learned`,
    `${episodes} ${episodes === 1 ? 'game' : 'games'} from seed ${seed}, ` +
      `actions ${greedy ? 'the most likely' : 'drawn by the policy'}`,
    recipe,
    '',
    ...rows.map(([name = '', text]) => `${name.padEnd(width)}  ${text}`),
  ].join('\n');
}

function activity(activation: Evaluation['summary']['activation']): string[][] {
  if (!('shares' in activation)) return [];
  const percent = (share: number): string => `${Math.round(100 * share)} %`;
  return [
    ['modules active', activation.shares.map((share, module) => `${module}: ${percent(share)}`).join('  ')],
    ['swaps', `${activation.swaps.toFixed(2)} modules a step`],
  ];
}
