/** Names of the statistics, in the order in which the kernels' `ppoLoss` gives them; means over a minibatch. */
export const lossStatistics = ['policyLoss', 'valueLoss', 'entropy', 'approxKl', 'clipFraction'] as const;
export type LossStatistics = Record<(typeof lossStatistics)[number], number>;
