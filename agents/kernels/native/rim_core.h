// A sequence of steps of Recurrent Independent Mechanisms (Goyal et al. 2019, arXiv 1909.10893), in every variant:
// LSTM or GRU dynamics, any number of input elements beside null and of heads, communication that reads an inactive
// module's state or its candidate, plain or gated. Row r = t * batch + b throughout.
//
// What is hoisted out of the loop over steps, and why it is exact: keys and values do not depend on the state, and
// everything between them and where the state enters is linear. For each read p, a pair of an input element and a head:
//   inputGates  A module reads sum_p a_p v_p, and its gates take (sum_p a_p v_p) W_ih = sum_p a_p (v_p W_ih). So
//               v_p W_ih is one matrix product per module over all steps, and a step only scales and adds.
//               Where a step has many rows it computes this for active modules alone (rim_reads.h), and where x is
//               much narrower than its value, as (sum_p a_p x_p) (Wv W_ih).
//   pull        A logit is (h Wq) . k_p / sqrt(dk) = h . (k_p Wq^T) / sqrt(dk). So k_p Wq^T is one product over all
//               steps, and a step takes one dot product per module and read.
//   weights     Gradients of weights are sums over rows of outer products of what the recursion leaves in the tape and
//               in RimStepGradients; they are summed after it, as products over all steps.
// Only rounding differs. Inside the recursion only active modules are computed, unless candidates are read: what an
// inactive module would step to reaches nothing else, and no gradient flows back through it.
#pragma once

#include <cstdint>

#include "always_inline.h"
#include "instruction_set.h"
#include "team.h"

namespace rim_agents {

// Modules and input elements are listed in fixed arrays of these sizes.
constexpr int kMostModules = 64, kMostInputs = 16;

struct RimSizes {
  int steps, batch, modules, units, active;
  bool isLstm;          // else GRU
  bool attendsToInput;  // else every module reads the mean of the elements' values, and all are active
  bool communicates;
  bool readsCandidate;  // of inactive modules, communication reads the state that they did not step to
  bool isGated;         // communication adds sigmoid(z G + g) tanh(z F + f), else z F + f
  bool bf16;            // matrix products of factors rounded to bfloat16; dot products of attention stay float32
  bool drops;           // dropout, see rim_dropout.h
  uint32_t dropoutSeed, dropoutThreshold;
  int elements, elementWidths[kMostInputs];
  int input;                             // width of all elements side by side
  int inputHeads, inputKey, inputValue;  // widths of one head
  int commHeads, commKey, commValue;

  RIM_AGENTS_INLINE int64_t rows() const { return int64_t{steps} * batch; }
  RIM_AGENTS_INLINE int state() const { return modules * units; }
  RIM_AGENTS_INLINE int cell() const { return isLstm ? state() : 0; }
  RIM_AGENTS_INLINE int gates() const { return (isLstm ? 4 : 3) * units; }
  RIM_AGENTS_INLINE int reads() const { return elements * inputHeads; }
  // Of one element, all heads.
  RIM_AGENTS_INLINE int keys() const { return inputHeads * inputKey; }
  RIM_AGENTS_INLINE int values() const { return inputHeads * inputValue; }
  RIM_AGENTS_INLINE int query() const { return commHeads * commKey; }
  RIM_AGENTS_INLINE int message() const { return commHeads * commValue; }
  // Query, key and value of one module in the communication.
  RIM_AGENTS_INLINE int projection() const { return 2 * query() + message(); }
  // Whether each step computes what active modules read and what their gates take of it, not all steps at once for all
  // modules: worth it where a step has rows enough to stream the weights for. Never in acting, a step at a time, whose
  // bits must not depend on how many environments act together.
  RIM_AGENTS_INLINE bool readsInSteps() const { return steps > 1 && batch >= 16; }
  // Whether x meets Wv W_ih, made once per call, instead of its value meeting W_ih: where that takes fewer
  // multiply-adds, forward and backward together. (Dropout comes between the two.)
  RIM_AGENTS_INLINE bool folds() const {
    const double products = double{1} * values() * gates();
    return readsInSteps() && !drops && inputHeads == 1 &&
           double{1} * rows() * active * input * gates() + products * modules * input <
               double{1} * rows() * (active * products + double{1} * input * values());
  }
  RIM_AGENTS_INLINE int readWidth() const { return folds() ? input : values(); }
  // Where an element begins in x, and its rows in inputKey and inputValue.
  RIM_AGENTS_INLINE int elementBegin(int element) const {
    int begin = 0;
    for (int e = 0; e < element; e++) begin += elementWidths[e];
    return begin;
  }
};

// Shapes as in kernels.ts, but the keys' matrices of all elements one below the other, and so the values'; const float
// for parameters, float for their gradients. rnnHiddenBias is a GRU's, commGate and commGateBias the gate's. Without
// attention to the input its keys, and without communication its keys and values, have width 0.
template <class Float>
struct RimWeights {
  Float *inputQuery, *inputKey, *inputValue, *rnnInput, *rnnHidden, *rnnBias, *commQuery, *commKey, *commValue,
      *commOut, *commOutBias, *rnnHiddenBias, *commGate, *commGateBias;
};

struct RimInputs {
  const float *x, *h0, *c0, *keep;  // x (T, B, input)
};

struct RimOutputs {
  float *h, *c, *active, *nullAttention;  // c (T, B, 0) with a GRU
};

// What forward leaves for backward. Read p = element * Hi + head. folded: Wv W_ih (n, input, g m). Per row: value
// (elements, Hi dv), key (elements, Hi dk), inputGates (reads, n, g m) unless readsInSteps(), pull (reads, n, m),
// attention (reads, n), h and c before the step (n, m), gates after their nonlinearity (n, g m), inner (n, m): tanh(c)
// of an LSTM, the hidden product of a GRU's last gate; source (n, m): what communication reads; its projections
// (n, q | k | v), its attention (heads, n, n), its message before the output projection (n, Hc cv); with a gate
// told = tanh(z F + f) and gate = sigmoid(z G + g), (n, m) each. Where modules differ, active modules' entries alone
// are sure to be set.
struct RimTape {
  float *folded, *value, *key, *inputGates, *pull, *attention, *hBefore, *cBefore, *gates, *inner, *source,
      *projections, *commAttention, *message, *told, *gate;
};

// Lays the tape out from `base`; with a null base only counts. Without recording, the arrays of the recursion hold one
// step's rows, used again and again. Returns its size in floats.
int64_t layOutTape(const RimSizes& sizes, bool isRecording, float* base, RimTape* tape);

struct RimOutputGradients {
  const float *h, *c;  // (T, B, n m) each; null for zeros
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
