// The two linear layers that read what the core gives, logits = h policy + bias and values = h value + bias, and their
// gradient. Few multiplications: one thread does them. Sums are made in one order whatever the rows computed together.
#pragma once

#include <cstdint>

#include "always_inline.h"
#include "instruction_set.h"

namespace rim_agents {

struct HeadsSizes {
  int rows, width, actions;

  // An output per action, then the value.
  RIM_AGENTS_INLINE int outputs() const { return actions + 1; }
};

// (width, actions), (actions), (width), (1); const float for parameters, float for their gradients.
template <class Float>
struct HeadsWeights {
  Float *policy, *policyBias, *value, *valueBias;
};

// clang-format off
RIM_AGENTS_DECLARE(
    // Floats of scratch.
    int64_t headsForwardScratch(const HeadsSizes& sizes);
    // @param hidden (rows, width) @param logits (rows, actions) @param values (rows)
    void headsForward(const HeadsSizes& sizes, const float* hidden, const HeadsWeights<const float>& weights,
                      float* logits, float* values, float* scratch);

    int64_t headsBackwardScratch(const HeadsSizes& sizes);
    // Needs no biases. @param dLogits, dValues gradients of the outputs @param dHidden, gradients those of the inputs
    void headsBackward(const HeadsSizes& sizes, const float* hidden, const HeadsWeights<const float>& weights,
                       const float* dLogits, const float* dValues, float* dHidden,
                       const HeadsWeights<float>& gradients, float* scratch);)
// clang-format on

}  // namespace rim_agents
