// A sequence of steps of an LSTM (gates i, f, g, o) or a GRU (gates r, z, n; two biases, the reset gate applied after
// the hidden product). Row r = t * batch + b throughout.
//
// The input's share of the gates is computed for all steps at once, and weight gradients are summed after the
// recursion. A step is divided by units: each block of units needs its own columns of the hidden weights, so that every
// thread keeps its share of them in its core's cache.
#pragma once

#include <cstdint>

#include "always_inline.h"
#include "instruction_set.h"
#include "team.h"

namespace rim_agents {

struct RecurrentSizes {
  int steps, batch, input, units;
  bool isLstm;
  bool bf16;  // matrix products of factors rounded to bfloat16

  RIM_AGENTS_INLINE int64_t rows() const { return int64_t{steps} * batch; }
  RIM_AGENTS_INLINE int gates() const { return (isLstm ? 4 : 3) * units; }
};

// Shapes as in kernels.ts; const float for parameters, float for their gradients. An LSTM has no hiddenBias.
template <class Float>
struct RecurrentWeights {
  Float *input, *hidden, *bias, *hiddenBias;
};

struct RecurrentInputs {
  const float *x, *h0, *c0, *keep;  // c0: LSTM
};

// What forward leaves for backward, per row: gates after their nonlinearity, h before the step, and of an LSTM c before
// the step and tanh(c) after it, of a GRU the hidden product of n with its bias.
struct RecurrentTape {
  float *gates, *hBefore, *cBefore, *tanhC, *hiddenN;
};

// Lays the tape out from `base`; with a null base only counts. Without recording, it holds two steps, used in turn.
// Returns its size in floats.
int64_t layOutTape(const RecurrentSizes& sizes, bool isRecording, float* base, RecurrentTape* tape);

struct RecurrentStates {
  float *h, *c;  // (T, B, u) each; c: LSTM
};

struct RecurrentStateGradients {
  const float *h, *c;  // (T, B, u) each; null for zeros
};

struct RecurrentInputGradients {
  float *x, *h0, *c0;
};

// clang-format off
RIM_AGENTS_DECLARE(
    int64_t recurrentForwardScratch(const RecurrentSizes& sizes);
    void recurrentForward(const RecurrentSizes& sizes, const RecurrentWeights<const float>& weights,
                          const RecurrentInputs& inputs, const RecurrentStates& out, const RecurrentTape& tape,
                          bool isRecording, float* scratch, Team& team);

    int64_t recurrentBackwardScratch(const RecurrentSizes& sizes);
    void recurrentBackward(const RecurrentSizes& sizes, const RecurrentWeights<const float>& weights,
                           const RecurrentInputs& inputs, const RecurrentTape& tape,
                           const RecurrentStateGradients& gradients, const RecurrentWeights<float>& weightGradients,
                           const RecurrentInputGradients& inputGradients, float* scratch, Team& team);)
// clang-format on

}  // namespace rim_agents
