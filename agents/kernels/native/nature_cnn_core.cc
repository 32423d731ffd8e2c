#include "nature_cnn_core.h"

#include <cstring>

#include "convolution.h"
#include "scratch.h"
#include "vector.h"

namespace rim_agents {
namespace ISA {
namespace {

constexpr bool kManyRegisters = kRegisters == 32;
template <class Products>
using FirstLayer = Convolution<Products, 84, 4, 8, 4, 32, kManyRegisters ? 10 : 5>;
template <class Products>
using SecondLayer = Convolution<Products, 20, 32, 4, 2, 64, kManyRegisters ? 9 : 3>;
template <class Products>
using ThirdLayer = Convolution<Products, 9, 64, 3, 1, 64, 7>;
// Sizes are the same for all products.
using First = FirstLayer<Float32Products>;
using Second = SecondLayer<Float32Products>;
using Third = ThirdLayer<Float32Products>;
static_assert(First::kInputSize == kFrameSize && First::kOutputSize == kActivationSizes[0] &&
                  Second::kInputSize == kActivationSizes[0] && Second::kOutputSize == kActivationSizes[1] &&
                  Third::kOutputSize == kActivationSizes[2],
              "layers must join");

constexpr float kFrameScale = 1 / 255.0f;  // folded into the first weights

// Bytes as numbers, which are exact in bfloat16 too.
template <class Products>
void toElements(const uint8_t* frame, typename Products::Element* out) {
  static_assert(kFrameSize % kLanes == 0, "whole vectors");
  for (int i = 0; i < kFrameSize; i += kLanes) {
    float numbers[kLanes];
    for (int lane = 0; lane < kLanes; lane++) numbers[lane] = frame[i + lane];
    Products::storeElements(out + i, load(numbers));
  }
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

constexpr int64_t kForwardMember = kFrameSize + kActivationSizes[0] + kActivationSizes[1];

// Room is for float32; elements of bfloat16 take half of it.
template <class Element>
struct ForwardRoom {
  Element *packed0, *packed1, *packed2;
  Element* perMember;  // a frame and the first two activations
};

template <class Element>
Element* takeElements(Scratch& scratch, int64_t size) {
  return reinterpret_cast<Element*>(scratch.take(size));
}

template <class Element>
ForwardRoom<Element> layOutForward(Scratch& scratch, int members) {
  return {takeElements<Element>(scratch, First::kWeightSize), takeElements<Element>(scratch, Second::kWeightSize),
          takeElements<Element>(scratch, Third::kWeightSize), takeElements<Element>(scratch, members * kForwardMember)};
}

constexpr int64_t kBackwardFloats = kActivationSizes[0] + kActivationSizes[1];
constexpr int64_t kPairRoom = FirstLayer<Bfloat16Products>::kPairRoom;
static_assert(kPairRoom >= SecondLayer<Bfloat16Products>::kPairRoom &&
                  kPairRoom >= ThirdLayer<Bfloat16Products>::kPairRoom,
              "the first layer takes most room");
constexpr int64_t kBackwardElements = kFrameSize + kActivationSizes[0] + kPairRoom;

template <class Element>
struct BackwardRoom {
  Element *transposed1, *transposed2;
  float* sums;        // per piece
  float* floats;      // per member: gradients of the first two activations
  Element* elements;  // per member: a frame, a gradient before relu, and room for pairs
};

template <class Element>
BackwardRoom<Element> layOutBackward(Scratch& scratch, int count, int members) {
  return {takeElements<Element>(scratch, Second::kWeightSize), takeElements<Element>(scratch, Third::kWeightSize),
          scratch.take(int64_t{pieces(count)} * kGradientSize), scratch.take(members * kBackwardFloats),
          takeElements<Element>(scratch, members * kBackwardElements)};
}

template <class Products>
void forward(int count, const uint8_t* frames, const NatureCnnWeights<const float>& weights,
             const NatureCnnActivations<float>& activations, float* base, Team& team) {
  using Element = typename Products::Element;
  using First = FirstLayer<Products>;
  using Second = SecondLayer<Products>;
  using Third = ThirdLayer<Products>;
  Scratch scratch(base);
  const ForwardRoom<Element> room = layOutForward<Element>(scratch, team.members());
  team.each(3, [&](int layer) {
    if (layer == 0) First::pack(weights.w0, kFrameScale, room.packed0);
    if (layer == 1) Second::pack(weights.w1, 1, room.packed1);
    if (layer == 2) Third::pack(weights.w2, 1, room.packed2);
  });
  Element* const firsts = reinterpret_cast<Element*>(activations.first);
  Element* const seconds = reinterpret_cast<Element*>(activations.second);
  team.eachByMember(count, [&](int sample, int member) {
    Element* frame = room.perMember + member * kForwardMember;
    Element* first = firsts ? firsts + int64_t{sample} * First::kOutputSize : frame + kFrameSize;
    Element* second =
        seconds ? seconds + int64_t{sample} * Second::kOutputSize : frame + kFrameSize + First::kOutputSize;
    toElements<Products>(frames + int64_t{sample} * kFrameSize, frame);
    First::forward(frame, room.packed0, weights.b0, first);
    Second::forward(first, room.packed1, weights.b1, second);
    Third::forward(second, room.packed2, weights.b2, activations.third + int64_t{sample} * Third::kOutputSize);
  });
}

template <class Products>
void backward(int count, const uint8_t* frames, const NatureCnnWeights<const float>& weights,
              const NatureCnnActivations<const float>& activations, const float* dThird,
              const NatureCnnWeights<float>& gradients, float* base, Team& team) {
  using Element = typename Products::Element;
  using First = FirstLayer<Products>;
  using Second = SecondLayer<Products>;
  using Third = ThirdLayer<Products>;
  Scratch scratch(base);
  const BackwardRoom<Element> room = layOutBackward<Element>(scratch, count, team.members());
  team.each(2, [&](int layer) {
    if (layer == 0) Second::packTransposed(weights.w1, room.transposed1);
    if (layer == 1) Third::packTransposed(weights.w2, room.transposed2);
  });
  const Element* const firsts = reinterpret_cast<const Element*>(activations.first);
  const Element* const seconds = reinterpret_cast<const Element*>(activations.second);
  const int pieceCount = pieces(count);
  team.eachByMember(pieceCount, [&](int piece, int member) {
    float* sums = room.sums + int64_t{piece} * kGradientSize;
    std::memset(sums, 0, sizeof(float) * kGradientSize);
    const NatureCnnWeights<float> sum = layOutGradients(sums);
    float *d1 = room.floats + member * kBackwardFloats, *d2 = d1 + First::kOutputSize;
    Element *frame = room.elements + member * kBackwardElements, *d = frame + kFrameSize,
            *pairs = d + First::kOutputSize;
    const int64_t end = int64_t{count} * (piece + 1) / pieceCount;
    for (int64_t sample = int64_t{count} * piece / pieceCount; sample < end; sample++) {
      const Element* first = firsts + sample * First::kOutputSize;
      const Element* second = seconds + sample * Second::kOutputSize;
      const float* third = activations.third + sample * Third::kOutputSize;
      Third::backwardRelu(third, dThird + sample * Third::kOutputSize, d, sum.b2);
      Third::backwardWeights(second, d, sum.w2, pairs);
      Third::backwardInput(d, room.transposed2, d2);
      Second::backwardRelu(second, d2, d, sum.b1);
      Second::backwardWeights(first, d, sum.w1, pairs);
      Second::backwardInput(d, room.transposed1, d1);
      First::backwardRelu(first, d1, d, sum.b0);
      toElements<Products>(frames + sample * kFrameSize, frame);
      First::backwardWeights(frame, d, sum.w0, pairs);
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

}  // namespace

int64_t natureCnnForwardScratch(int members) {
  Scratch scratch(nullptr);
  layOutForward<float>(scratch, members);
  return scratch.used();
}

void natureCnnForward(bool bf16, int count, const uint8_t* frames, const NatureCnnWeights<const float>& weights,
                      const NatureCnnActivations<float>& activations, float* scratch, Team& team) {
  const auto run = bf16 ? forward<Bfloat16Products> : forward<Float32Products>;
  run(count, frames, weights, activations, scratch, team);
}

int64_t natureCnnBackwardScratch(int count, int members) {
  Scratch scratch(nullptr);
  layOutBackward<float>(scratch, count, members);
  return scratch.used();
}

void natureCnnBackward(bool bf16, int count, const uint8_t* frames, const NatureCnnWeights<const float>& weights,
                       const NatureCnnActivations<const float>& activations, const float* dThird,
                       const NatureCnnWeights<float>& gradients, float* scratch, Team& team) {
  const auto run = bf16 ? backward<Bfloat16Products> : backward<Float32Products>;
  run(count, frames, weights, activations, dThird, gradients, scratch, team);
}

}  // namespace ISA
}  // namespace rim_agents
