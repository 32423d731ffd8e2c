import type { Core } from '../../agents/cores/core.ts';
import type { ActivationStatistics, ActivationSums } from './forms.ts';

/** A hidden unit counts as near zero where its absolute value is below this. */
export const nearZeroLimit = 0.01;

/** What is told of a core: H, the width of what it gives, and its modules n and how many are active in each step. */
export type CoreSizes = Pick<Core, 'outputSize' | 'modules'>;

export function emptySums({ modules }: CoreSizes): ActivationSums {
  const n = modules?.count ?? 0;
  return { steps: 0, nearZero: 0, swaps: 0, changes: 0, active: new Float64Array(n), attention: new Float64Array(n) };
}

/** Adds the sums over other steps, of a core of the same sizes. */
export function addSums(to: ActivationSums, other: ActivationSums): void {
  for (const name of ['steps', 'nearZero', 'swaps', 'changes'] as const) to[name] += other[name];
  for (const name of ['active', 'attention'] as const)
    for (const [module, sum] of other[name].entries()) to[name][module] = (to[name][module] as number) + sum;
}

/** Statistics of what was summed; docs/run-folder.md defines the terms. */
export function activationStatistics(sums: ActivationSums, { outputSize, modules }: CoreSizes): ActivationStatistics {
  const steps = Math.max(sums.steps, 1);
  // A sum in float32 of as many ones as a long set has may round to more than it counts.
  const nearZero = Math.min(sums.nearZero / (steps * outputSize), 1);
  if (!modules) return { nearZero };
  const shares = Array.from(sums.active, (count) => count / steps);
  return {
    modules: modules.count,
    active: modules.active,
    shares,
    // Attention is a float32 between 0 and 1; its rounding must not carry the mean below 0.
    attention: Array.from(sums.attention, (sum) => Math.max(sum / steps, 0)),
    entropy: entropy(shares),
    swaps: sums.swaps / Math.max(sums.changes, 1),
    neverChosen: shares.flatMap((share, module) => (share === 0 ? [module] : [])),
    nearZero,
  };
}

/** Entropy in nats of the shares, divided by their sum to make them a distribution. */
function entropy(shares: readonly number[]): number {
  const sum = shares.reduce((a, b) => a + b, 0);
  return shares.reduce((total, share) => (share > 0 ? total - (share / sum) * Math.log(share / sum) : total), 0);
}
