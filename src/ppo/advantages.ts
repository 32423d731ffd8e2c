/** What generalised advantage estimation reads: E environments, T steps, all arrays (E, T), row-major. */
export interface AdvantageInputs {
  readonly rewards: ArrayLike<number>;
  /** The critic's value of the observation before each step. */
  readonly values: ArrayLike<number>;
  /** 1 where the episode ended by its own rules: nothing follows. */
  readonly terminated: ArrayLike<number>;
  /** 1 where it was cut off: the value of its true last observation stands for what would have followed. */
  readonly truncated: ArrayLike<number>;
  /** Value of the true last observation, read only where `truncated` is 1. */
  readonly finalValues: ArrayLike<number>;
  /** (E): value of the observation after the last step. */
  readonly lastValues: ArrayLike<number>;
}

/** Both (E, T). */
export interface Advantages {
  readonly advantages: Float32Array;
  /** Advantages plus values: what the critic is trained towards. */
  readonly returns: Float32Array;
}

/**
 * Generalised advantage estimation (Schulman et al. 2016, arXiv 1506.02438, equation 16),
 * backwards in time: `delta_t = r_t + gamma V(s_{t+1}) - V(s_t)`,
 * `A_t = delta_t + gamma lambda A_{t+1}`, the recursion cut where an episode ends.
 */
export function advantages(inputs: AdvantageInputs, steps: number, gamma: number, lambda: number): Advantages {
  const { rewards, values, terminated, truncated, finalValues, lastValues } = inputs;
  const size = values.length;
  const result = { advantages: new Float32Array(size), returns: new Float32Array(size) };
  for (let env = 0; env < size / steps; env++) {
    let advantage = 0;
    let nextValue = lastValues[env] as number;
    for (let i = (env + 1) * steps - 1; i >= env * steps; i--) {
      const value = values[i] as number;
      if (terminated[i]) [nextValue, advantage] = [0, 0];
      else if (truncated[i]) [nextValue, advantage] = [finalValues[i] as number, 0];
      advantage = (rewards[i] as number) + gamma * nextValue - value + gamma * lambda * advantage;
      result.advantages[i] = advantage;
      result.returns[i] = advantage + value;
      nextValue = value;
    }
  }
  return result;
}

/** To mean 0 and deviation 1, as a copy (unbiased deviation plus 1e-8, as in CleanRL). */
export function normalised(values: Float32Array): Float32Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / Math.max(1, values.length - 1)) + 1e-8;
  return values.map((value) => (value - mean) / deviation);
}

/**
 * 1 minus the variance of the residual over that of the returns: 1 is perfect, 0 no better than
 * a constant. 0 where returns do not vary.
 */
export function explainedVariance(values: Float32Array, returns: Float32Array): number {
  const total = variance(returns);
  return total === 0 ? 0 : 1 - variance(returns.map((value, i) => value - (values[i] as number))) / total;
}

function variance(values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}
