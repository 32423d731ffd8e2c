// A fully connected layer with relu, y = relu(x w + b), and its gradient, in products of bfloat16: factors are rounded;
// sums, biases and all inputs and outputs are float32. In float32 TensorFlow's matrix products are faster than ours, so
// there this is not used (acting has dense_few_rows_core.h). Sums are made in one order whatever the threads.
#pragma once

#include <cstdint>

#include "instruction_set.h"
#include "team.h"

namespace rim_agents {

struct DenseSizes {
  int rows, inputs, outputs;
};

// clang-format off
RIM_AGENTS_DECLARE(
    int64_t denseForwardScratch(const DenseSizes& sizes, int members);
    // @param x (rows, inputs) @param weights (inputs, outputs) @param bias (outputs) @param y (rows, outputs)
    void denseForward(const DenseSizes& sizes, const float* x, const float* weights, const float* bias,
                      float* y, float* scratch, Team& team);

    int64_t denseBackwardScratch(const DenseSizes& sizes, int members);
    // @param y what denseForward gave @param dY its gradient @param dX, dWeights, dBias gradients of the inputs
    void denseBackward(const DenseSizes& sizes, const float* x, const float* weights, const float* y,
                       const float* dY, float* dX, float* dWeights, float* dBias, float* scratch, Team& team);)
// clang-format on

}  // namespace rim_agents
