// Adam with clipping, on flat vectors. Called by pieces, so that threads can share the work; the pieces are of fixed
// size, so that sums do not depend on them.
#pragma once

#include <cstdint>

#include "instruction_set.h"

namespace rim_agents {

constexpr int64_t kAdamPiece = 32768;

struct AdamSettings {
  float stepSize;             // learning rate / (1 - beta1^t)
  float deviationCorrection;  // sqrt(1 - beta2^t)
  float maxNorm, epsilon;
  float beta1, beta2;
  float rest1, rest2;  // 1 - beta1, 1 - beta2, rounded once: 1 - 0.999f is off by 5e-5 of itself
};

struct AdamVectors {
  const float *parameters, *gradients, *m, *v;
  float *newParameters, *newM, *newV;
};

// clang-format off
RIM_AGENTS_DECLARE(
    double sumOfSquares(const float* values, int64_t size);
    // One step of Adam on elements [begin, end), the gradient multiplied by `scale`.
    void adamStep(const AdamSettings& settings, const AdamVectors& vectors, float scale, int64_t begin, int64_t end);)
// clang-format on

}  // namespace rim_agents
