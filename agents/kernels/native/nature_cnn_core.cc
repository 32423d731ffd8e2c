#include "nature_cnn_core.h"

#include <cstring>

#include "convolution.h"
#include "scratch.h"
#include "vector.h"

namespace rim_agents {
namespace ISA {
namespace {

constexpr bool kManyRegisters = kRegisters == 32;
using First = Convolution<84, 4, 8, 4, 32, kManyRegisters ? 10 : 5>;
using Second = Convolution<20, 32, 4, 2, 64, kManyRegisters ? 9 : 3>;
using Third = Convolution<9, 64, 3, 1, 64, 7>;
static_assert(First::kInputSize == kFrameSize && First::kOutputSize == kActivationSizes[0] &&
                  Second::kInputSize == kActivationSizes[0] && Second::kOutputSize == kActivationSizes[1] &&
                  Third::kOutputSize == kActivationSizes[2],
              "layers must join");

constexpr float kFrameScale = 1 / 255.0f;  // folded into the first weights

void toFloat(const uint8_t* frame, float* out) {
  for (int i = 0; i < kFrameSize; i++) out[i] = frame[i];
}

// Samples are divided into pieces by their number alone; each sums its own weight gradients, and the sums are added in
// order. So threads do not matter.
constexpr int kMostPieces = 16, kLeastPiece = 8;
int pieces(int count) {
  const int most = (count + kLeastPiece - 1) / kLeastPiece;
  return most < kMostPieces ? most : kMostPieces;
}

// Where each gradient lies in a piece's sums.
constexpr int kSizes[6] = {First::kWeightSize, First::kFilters,    Second::kWeightSize,
                           Second::kFilters,   Third::kWeightSize, Third::kFilters};
constexpr int kGradientSize = kSizes[0] + kSizes[1] + kSizes[2] + kSizes[3] + kSizes[4] + kSizes[5];

NatureCnnWeights<float> layOutGradients(float* base) {
  float* parts[6];
  for (int i = 0; i < 6; i++) {
    parts[i] = base;
    base += kSizes[i];
  }
  return {parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]};
}

struct ForwardRoom {
  float *packed0, *packed1, *packed2;
  float* perMember;  // a frame and the first two activations
};
constexpr int64_t kForwardMember = kFrameSize + kActivationSizes[0] + kActivationSizes[1];

ForwardRoom layOutForward(Scratch& scratch, int members) {
  return {scratch.take(First::kWeightSize), scratch.take(Second::kWeightSize), scratch.take(Third::kWeightSize),
          scratch.take(members * kForwardMember)};
}

struct BackwardRoom {
  float *transposed1, *transposed2;
  float* sums;       // per piece
  float* perMember;  // a frame and the gradients of all three activations
};
constexpr int64_t kBackwardMember = kFrameSize + kActivationSizes[0] + kActivationSizes[1] + kActivationSizes[2];

BackwardRoom layOutBackward(Scratch& scratch, int count, int members) {
  return {scratch.take(Second::kWeightSize), scratch.take(Third::kWeightSize),
          scratch.take(int64_t{pieces(count)} * kGradientSize), scratch.take(members * kBackwardMember)};
}

}  // namespace

int64_t natureCnnForwardScratch(int members) {
  Scratch scratch(nullptr);
  layOutForward(scratch, members);
  return scratch.used();
}

void natureCnnForward(int count, const uint8_t* frames, const NatureCnnWeights<const float>& weights,
                      const NatureCnnActivations<float>& activations, float* base, Team& team) {
  Scratch scratch(base);
  const ForwardRoom room = layOutForward(scratch, team.members());
  team.each(3, [&](int layer) {
    if (layer == 0) First::pack(weights.w0, kFrameScale, room.packed0);
    if (layer == 1) Second::pack(weights.w1, 1, room.packed1);
    if (layer == 2) Third::pack(weights.w2, 1, room.packed2);
  });
  team.eachByMember(count, [&](int sample, int member) {
    float* frame = room.perMember + member * kForwardMember;
    float* first = activations.first ? activations.first + int64_t{sample} * First::kOutputSize : frame + kFrameSize;
    float* second = activations.second ? activations.second + int64_t{sample} * Second::kOutputSize
                                       : frame + kFrameSize + First::kOutputSize;
    toFloat(frames + int64_t{sample} * kFrameSize, frame);
    First::forward(frame, room.packed0, weights.b0, first);
    Second::forward(first, room.packed1, weights.b1, second);
    Third::forward(second, room.packed2, weights.b2, activations.third + int64_t{sample} * Third::kOutputSize);
  });
}

int64_t natureCnnBackwardScratch(int count, int members) {
  Scratch scratch(nullptr);
  layOutBackward(scratch, count, members);
  return scratch.used();
}

void natureCnnBackward(int count, const uint8_t* frames, const NatureCnnWeights<const float>& weights,
                       const NatureCnnActivations<const float>& activations, const float* dThird,
                       const NatureCnnWeights<float>& gradients, float* base, Team& team) {
  Scratch scratch(base);
  const BackwardRoom room = layOutBackward(scratch, count, team.members());
  team.each(2, [&](int layer) {
    if (layer == 0) Second::packTransposed(weights.w1, room.transposed1);
    if (layer == 1) Third::packTransposed(weights.w2, room.transposed2);
  });
  const int pieceCount = pieces(count);
  team.eachByMember(pieceCount, [&](int piece, int member) {
    float* sums = room.sums + int64_t{piece} * kGradientSize;
    std::memset(sums, 0, sizeof(float) * kGradientSize);
    const NatureCnnWeights<float> sum = layOutGradients(sums);
    float* frame = room.perMember + member * kBackwardMember;
    float *d1 = frame + kFrameSize, *d2 = d1 + First::kOutputSize, *d3 = d2 + Second::kOutputSize;
    const int64_t end = int64_t{count} * (piece + 1) / pieceCount;
    for (int64_t sample = int64_t{count} * piece / pieceCount; sample < end; sample++) {
      const float* first = activations.first + sample * First::kOutputSize;
      const float* second = activations.second + sample * Second::kOutputSize;
      const float* third = activations.third + sample * Third::kOutputSize;
      Third::backwardRelu(third, dThird + sample * Third::kOutputSize, d3, sum.b2);
      Third::backwardWeights(second, d3, sum.w2);
      Third::backwardInput(d3, room.transposed2, d2);
      Second::backwardRelu(second, d2, d2, sum.b1);
      Second::backwardWeights(first, d2, sum.w1);
      Second::backwardInput(d2, room.transposed1, d1);
      First::backwardRelu(first, d1, d1, sum.b0);
      toFloat(frames + sample * kFrameSize, frame);
      First::backwardWeights(frame, d1, sum.w0);
    }
  });
  float* const parts[6] = {gradients.w0, gradients.b0, gradients.w1, gradients.b1, gradients.w2, gradients.b2};
  team.each(6, [&](int part) {
    int offset = 0;
    for (int i = 0; i < part; i++) offset += kSizes[i];
    for (int i = 0; i < kSizes[part]; i++) parts[part][i] = 0;
    const float scale = part == 0 ? kFrameScale : 1;
    for (int piece = 0; piece < pieceCount; piece++)
      addScaled(kSizes[part], parts[part], scale, room.sums + int64_t{piece} * kGradientSize + offset);
  });
}

}  // namespace ISA
}  // namespace rim_agents
