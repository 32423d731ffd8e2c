// A sequence of steps of Recurrent Independent Mechanisms (Goyal et al. 2019, arXiv 1909.10893) with LSTM dynamics, one
// input element beside null, one input head, plain communication that reads the unchanged state of inactive modules.
// Row r = t * batch + b throughout.
//
// What does not depend on the state is computed for all steps at once: the gates' share of the input `x Wv W_ih` per
// module (the attention only scales it), and `pull = (x Wk) Wq^T / sqrt(dk)`, with which a module's attention is one
// dot product: sigmoid(h . pull). Inside the recursion only active modules are computed. Weight gradients are summed
// after the recursion, as products over all steps.
#pragma once

#include <cstdint>

#include "always_inline.h"
#include "instruction_set.h"
#include "team.h"

namespace rim_agents {

struct RimSizes {
  int steps, batch, modules, units, active;
  int input, inputKey, inputValue;
  int commHeads, commKey, commValue;

  RIM_AGENTS_INLINE int64_t rows() const { return int64_t{steps} * batch; }
  RIM_AGENTS_INLINE int state() const { return modules * units; }
  RIM_AGENTS_INLINE int gates() const { return 4 * units; }
  RIM_AGENTS_INLINE int query() const { return commHeads * commKey; }
  RIM_AGENTS_INLINE int message() const { return commHeads * commValue; }
  // Query, key and value of one module in the communication.
  RIM_AGENTS_INLINE int projection() const { return 2 * query() + message(); }
};

// Modules are marked in fixed arrays of this size.
constexpr int kMostModules = 64;

// Shapes as in kernels.ts; const float for parameters, float for their gradients.
template <class Float>
struct RimWeights {
  Float *inputQuery, *inputKey, *inputValue, *rnnInput, *rnnHidden, *rnnBias, *commQuery, *commKey, *commValue,
      *commOut, *commOutBias;
};

struct RimInputs {
  const float *x, *h0, *c0, *keep;
};

struct RimOutputs {
  float *h, *c, *active, *nullAttention;
};

// What forward leaves for backward. Per row: value (dv), key (dk), inputGates (n, 4m), pull (n, m), attention (n) of
// each module to its input, h and c before the step (n, m), gates after their nonlinearity (n, 4m), tanh(c) (n, m),
// what communication reads (n, m), its projections (n, q | k | v), its attention (heads, n, n) and what it gives before
// the output projection (n, heads * value). Active modules' entries alone are set where modules differ.
struct RimTape {
  float *value, *key, *inputGates, *pull, *attention, *hBefore, *cBefore, *gates, *tanhC, *source, *projections,
      *commAttention, *message;
};

// Lays the tape out from `base`; with a null base only counts. Without recording, the arrays of the recursion hold one
// step's rows, used again and again. Returns its size in floats.
int64_t layOutTape(const RimSizes& sizes, bool isRecording, float* base, RimTape* tape);

struct RimOutputGradients {
  const float *h, *c;  // (T, B, n m) each
};

struct RimInputGradients {
  float *x, *h0, *c0;
};

// clang-format off
RIM_AGENTS_DECLARE(
    int64_t rimForwardScratch(const RimSizes& sizes);
    void rimForward(const RimSizes& sizes, const RimWeights<const float>& weights, const RimInputs& inputs,
                    const RimOutputs& outputs, const RimTape& tape, bool isRecording, float* scratch, Team& team);

    int64_t rimBackwardScratch(const RimSizes& sizes);
    // @param active as forward gave it
    void rimBackward(const RimSizes& sizes, const RimWeights<const float>& weights, const RimInputs& inputs,
                     const float* active, const RimTape& tape, const RimOutputGradients& outputGradients,
                     const RimWeights<float>& weightGradients, const RimInputGradients& inputGradients,
                     float* scratch, Team& team);)
// clang-format on

}  // namespace rim_agents
