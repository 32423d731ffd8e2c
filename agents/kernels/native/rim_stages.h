// What the rim_*_core.cc files share: how the modules' matrices are reached, and the stages of forward and backward
// that deal with all steps at once.
#pragma once

#include "multiply.h"
#include "rim_core.h"

namespace rim_agents {
namespace ISA {

// Packing costs about as much as it gains on this many rows, in float32, and more in a single step. In bfloat16 a
// matrix that is not packed is rounded in every product, but acting has one product a step.
static inline bool isWorthPacking(const RimSizes& sizes) { return sizes.steps > 1 && sizes.rows() >= 64; }

// Rows of one module that a step multiplies together, at most.
constexpr int kStepRows = 64;

// Module j's matrix (rows, columns) out of those of all modules: packed where there are packed ones, else as it is.
template <class Products>
static inline Matrix<Products> moduleMatrix(const float* all, float* packed, int j, int rows, int columns) {
  if (packed) return packedMatrix<Products>(packed + j * packedSize<Products>(rows, columns), rows, columns);
  return plainMatrix<Products>(all + int64_t{j} * rows * columns, rows, columns);
}

// Before the recursion: value, key, inputGates and pull of all rows of the tape.
int64_t projectScratch(const RimSizes& sizes);
void project(const RimSizes& sizes, const RimWeights<const float>& weights, const float* x, const RimTape& tape,
             float* scratch, Team& team);

// Gradients per row and module that the backward recursion leaves, set where a module was active (projections:
// everywhere): of what the gates take from the input and of what they take from the state, both before the
// nonlinearity (n, g m; one array with an LSTM, where they are the same), of the projections q | k | v (n, ...), of
// z F + f and z G + g (n, m each), and of the logits of the attention to the input (reads, n). With readsInSteps()
// also that of the values, or, where it folds, of x as far as it comes from them.
struct RimStepGradients {
  float *gates, *hiddenGates, *projections, *out, *gate, *logits, *sources;
};

// After the recursion: gradients of the weights and of x.
int64_t sumGradientsScratch(const RimSizes& sizes);
void sumGradients(const RimSizes& sizes, const RimWeights<const float>& weights, const float* x, const float* active,
                  const RimTape& tape, const RimStepGradients& steps, const RimWeights<float>& weightGradients,
                  float* dx, float* scratch, Team& team);

}  // namespace ISA
}  // namespace rim_agents
