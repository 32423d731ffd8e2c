#include "heads_core.h"

#include <type_traits>

#include "scratch.h"
#include "vector.h"

namespace rim_agents {
namespace ISA {
namespace {

// Sums kept in registers at once: of so many rows, or outputs.
constexpr int kAtOnce = 4;

// Covers [0, count): f(i, n) is called for i to i + n - 1, where n, known when compiled, is kAtOnce or 1.
template <class Function>
void inGroups(int count, const Function& f) {
  int i = 0;
  for (; i + kAtOnce <= count; i += kAtOnce) f(i, std::integral_constant<int, kAtOnce>());
  for (; i < count; i++) f(i, std::integral_constant<int, 1>());
}

// Weights with the inputs of one output side by side, (outputs, width).
void gatherWeights(const HeadsSizes& s, const HeadsWeights<const float>& weights, float* byOutput) {
  for (int k = 0; k < s.width; k++) {
    for (int a = 0; a < s.actions; a++) byOutput[int64_t{a} * s.width + k] = weights.policy[int64_t{k} * s.actions + a];
    byOutput[int64_t{s.actions} * s.width + k] = weights.value[k];
  }
}

// Gradients of what the outputs of one row are, side by side, (rows, outputs).
void gatherGradients(const HeadsSizes& s, const float* dLogits, const float* dValues, float* byRow) {
  for (int r = 0; r < s.rows; r++, byRow += s.outputs()) {
    for (int a = 0; a < s.actions; a++) byRow[a] = dLogits[int64_t{r} * s.actions + a];
    byRow[s.actions] = dValues[r];
  }
}

}  // namespace

int64_t headsForwardScratch(const HeadsSizes& s) { return int64_t{s.outputs()} * s.width; }

void headsForward(const HeadsSizes& s, const float* hidden, const HeadsWeights<const float>& weights, float* logits,
                  float* values, float* byOutput) {
  gatherWeights(s, weights, byOutput);
  inGroups(s.rows, [&](int first, auto group) {
    constexpr int rows = group;
    const float* const h = hidden + int64_t{first} * s.width;
    for (int output = 0; output < s.outputs(); output++) {
      const float* const w = byOutput + int64_t{output} * s.width;
      Vec sums[rows] = {};
      forEachBlock(s.width, [&](int k, int lanes) {
        const Vec block = loadBlock(w + k, lanes);
        for (int r = 0; r < rows; r++) sums[r] += block * loadBlock(h + int64_t{r} * s.width + k, lanes);
      });
      for (int r = 0; r < rows; r++) {
        const int64_t row = first + r;
        if (output < s.actions) logits[row * s.actions + output] = sum(sums[r]) + weights.policyBias[output];
        else values[row] = sum(sums[r]) + weights.valueBias[0];
      }
    }
  });
}

namespace {

struct BackwardRoom {
  float* weights;   // (outputs, width)
  float* d;         // (rows, outputs)
  float* dWeights;  // (outputs, width)
};

BackwardRoom layOutBackward(Scratch& scratch, const HeadsSizes& s) {
  const int64_t weights = int64_t{s.outputs()} * s.width;
  return {scratch.take(weights), scratch.take(int64_t{s.rows} * s.outputs()), scratch.take(weights)};
}

}  // namespace

int64_t headsBackwardScratch(const HeadsSizes& s) {
  Scratch scratch(nullptr);
  layOutBackward(scratch, s);
  return scratch.used();
}

void headsBackward(const HeadsSizes& s, const float* hidden, const HeadsWeights<const float>& weights,
                   const float* dLogits, const float* dValues, float* dHidden, const HeadsWeights<float>& gradients,
                   float* scratchBase) {
  Scratch scratch(scratchBase);
  const BackwardRoom room = layOutBackward(scratch, s);
  const int outputs = s.outputs();
  gatherWeights(s, weights, room.weights);
  gatherGradients(s, dLogits, dValues, room.d);
  inGroups(s.rows, [&](int first, auto group) {
    constexpr int rows = group;
    forEachBlock(s.width, [&](int k, int lanes) {
      Vec sums[rows] = {};
      for (int output = 0; output < outputs; output++) {
        const Vec block = loadBlock(room.weights + int64_t{output} * s.width + k, lanes);
        for (int r = 0; r < rows; r++) sums[r] += room.d[int64_t{first + r} * outputs + output] * block;
      }
      for (int r = 0; r < rows; r++) storeBlock(dHidden + int64_t{first + r} * s.width + k, sums[r], lanes);
    });
  });
  inGroups(outputs, [&](int first, auto group) {
    constexpr int count = group;
    forEachBlock(s.width, [&](int k, int lanes) {
      Vec sums[count] = {};
      for (int row = 0; row < s.rows; row++) {
        const Vec block = loadBlock(hidden + int64_t{row} * s.width + k, lanes);
        for (int i = 0; i < count; i++) sums[i] += room.d[int64_t{row} * outputs + first + i] * block;
      }
      for (int i = 0; i < count; i++) storeBlock(room.dWeights + int64_t{first + i} * s.width + k, sums[i], lanes);
    });
  });
  for (int k = 0; k < s.width; k++) {
    for (int a = 0; a < s.actions; a++)
      gradients.policy[int64_t{k} * s.actions + a] = room.dWeights[int64_t{a} * s.width + k];
    gradients.value[k] = room.dWeights[int64_t{s.actions} * s.width + k];
  }
  for (int output = 0; output < outputs; output++) {
    float total = 0;
    for (int row = 0; row < s.rows; row++) total += room.d[int64_t{row} * outputs + output];
    *(output < s.actions ? gradients.policyBias + output : gradients.valueBias) = total;
  }
}

}  // namespace ISA
}  // namespace rim_agents
