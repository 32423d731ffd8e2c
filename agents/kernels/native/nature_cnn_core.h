// The three convolutions of Mnih et al. 2015 (Nature 518) on uint8 frames (84, 84, 4), each with bias and relu, and all
// their gradients. One sample goes through all layers while it is in the core's cache.
// Activations are (height, width, channels).
#pragma once

#include <cstdint>

#include "instruction_set.h"
#include "team.h"

namespace rim_agents {

constexpr int kFrameSize = 84 * 84 * 4;
constexpr int kActivationSizes[3] = {20 * 20 * 32, 9 * 9 * 64, 7 * 7 * 64};

// (8, 8, 4, 32), (32), (4, 4, 32, 64), (64), (3, 3, 64, 64), (64); const float for parameters, float for their
// gradients.
template <class Float>
struct NatureCnnWeights {
  Float *w0, *b0, *w1, *b1, *w2, *b2;
};

// Outputs of the three layers, (N, kActivationSizes[l]) each. The first two may be null in forward where no gradient
// will be asked for; with bf16 they hold bfloat16, two in the place of a float.
template <class Float>
struct NatureCnnActivations {
  Float *first, *second, *third;
};

// clang-format off
RIM_AGENTS_DECLARE(
    int64_t natureCnnForwardScratch(int members);
    // @param bf16 products of weights and gradients rounded to bfloat16 in all layers; frames are exact in it
    void natureCnnForward(bool bf16, int count, const uint8_t* frames, const NatureCnnWeights<const float>& weights,
                          const NatureCnnActivations<float>& activations, float* scratch, Team& team);

    int64_t natureCnnBackwardScratch(int count, int members);
    // @param dThird gradient of the third layer's output
    void natureCnnBackward(bool bf16, int count, const uint8_t* frames, const NatureCnnWeights<const float>& weights,
                           const NatureCnnActivations<const float>& activations, const float* dThird,
                           const NatureCnnWeights<float>& gradients, float* scratch, Team& team);)
// clang-format on

}  // namespace rim_agents
