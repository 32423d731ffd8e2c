// PPO's loss and its gradient, in one pass over the samples of a minibatch.
#pragma once

#include <cstdint>

namespace rim_agents {

struct PpoLossSettings {
  float clip;  // half-width of the clipped range, of the ratio and of the value
  bool clipValue;
  float valueCoefficient, entropyCoefficient;
};

// N samples, A actions.
struct PpoLossInputs {
  const float *logits, *values;  // (N, A), (N)
  const int32_t* actions;        // (N), each in [0, A)
  const float *oldLogProbabilities, *oldValues, *advantages, *returns;  // (N)
};

struct PpoLossOutputs {
  float* loss;
  float* statistics;          // policy loss, value loss, entropy, approximate KL, fraction of clipped ratios
  float *dLogits, *dValues;  // gradients of the loss, (N, A), (N)
};

// Schulman et al. 2017 (arXiv 1707.06347), equations 7 and 9; the value's clipping as in OpenAI Baselines; the KL as in
// "Approximating KL divergence" (Schulman 2020), mean((ratio - 1) - log ratio). Computed in double: the work is small.
// @param scratch for A doubles
void ppoLoss(int64_t samples, int actions, const PpoLossSettings& settings, const PpoLossInputs& inputs,
             const PpoLossOutputs& outputs, double* scratch);

}  // namespace rim_agents
