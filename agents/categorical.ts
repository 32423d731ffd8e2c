/** Log-probabilities of a categorical distribution given by logits; exact for large logits. */
export function logSoftmax(logits: Float32Array): Float64Array {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0);
  return Float64Array.from(logits, (logit) => logit - largest - Math.log(total));
}

/** The category that a uniform number in [0, 1) falls on. */
export function sample(logProbabilities: Float64Array, uniform: number): number {
  let left = uniform;
  for (const [category, logProbability] of logProbabilities.entries()) {
    left -= Math.exp(logProbability);
    if (left < 0) return category;
  }
  return logProbabilities.length - 1; // where rounding left the probabilities short of 1
}

/** The category with the largest logit, the first of those that are equal. */
export function mostLikely(logits: Float32Array): number {
  return logits.reduce((best, logit, category) => (logit > (logits[best] as number) ? category : best), 0);
}
