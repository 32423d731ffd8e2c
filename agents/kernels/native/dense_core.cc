#include "dense_core.h"

#include "blocked_product.h"
#include "scratch.h"
#include "vector.h"

namespace rim_agents {
namespace ISA {
namespace {

using Products = Bfloat16Products;
using Element = Products::Element;

int panelsOf(int columns) { return (columns + kPanelWidth - 1) / kPanelWidth; }
int paddedRows(const DenseSizes& sizes) { return roundUp(sizes.rows, kRowTile); }

// Rows of a left side lie side by side, padded to whole vectors.
int paddedDepth(int depth) { return roundUp(depth, kLanes); }

// Inputs whose weights' gradient is computed at once.
constexpr int kInputBlock = 112;
static_assert(kInputBlock % kRowTile == 0 && kInputBlock % kLanes == 0, "whole tiles");

Element* takeElements(Scratch& scratch, int64_t size) {
  return reinterpret_cast<Element*>(scratch.take((size + 1) / 2));
}

struct ForwardRoom {
  Element* x;       // (padded rows, padded inputs)
  Element* panels;  // per member, kPanelSize
  float* sums;      // per member, (padded rows, kPanelWidth)
};
constexpr int64_t kPanelSize = int64_t{kBlockDepth} * kPanelWidth;

ForwardRoom layOutForward(Scratch& scratch, const DenseSizes& sizes, int members) {
  const int64_t rows = paddedRows(sizes);
  return {takeElements(scratch, rows * paddedDepth(sizes.inputs)), takeElements(scratch, members * kPanelSize),
          scratch.take(members * rows * kPanelWidth)};
}

struct BackwardRoom {
  Element* d;        // gradient before relu, (padded rows, padded outputs)
  Element* dPanels;  // the same as panels of a right side
  Element* x;        // per member, a block of x with pairs of rows beside each other
  Element* panels;   // per member, kPanelSize
  float* sums;       // per member, (most rows, kPanelWidth)
  int64_t panelSize, blockSize, sumsSize;
};

BackwardRoom layOutBackward(Scratch& scratch, const DenseSizes& sizes, int members) {
  const int64_t rows = paddedRows(sizes), depth = roundUp(sizes.rows, 2);
  BackwardRoom room;
  room.panelSize = depth * kPanelWidth;
  room.blockSize = depth * kInputBlock;
  room.sumsSize = (rows > kInputBlock ? rows : kInputBlock) * kPanelWidth;
  room.d = takeElements(scratch, rows * paddedDepth(sizes.outputs));
  room.dPanels = takeElements(scratch, panelsOf(sizes.outputs) * room.panelSize);
  room.x = takeElements(scratch, members * room.blockSize);
  room.panels = takeElements(scratch, members * kPanelSize);
  room.sums = scratch.take(members * room.sumsSize);
  return room;
}

// Rounds a row of a left side. @param block(i) kLanes numbers from column i on, 0 beyond the row
template <class Block>
void roundRow(int depth, Element* out, const Block& block) {
  for (int i = 0; i < paddedDepth(depth); i += kLanes) Products::storeElements(out + i, block(i));
}

// Gradient of the layer before relu, from its output and that output's gradient.
struct BeforeRelu {
  const float *y, *dY;
  int rows, columns;

  // kLanes numbers of a row, 0 beyond the matrix.
  RIM_AGENTS_INLINE Vec operator()(int row, int column) const {
    if (row >= rows) return Vec{};
    const int64_t at = int64_t{row} * columns + column;
    return loadWithin(y + at, columns - column) <= 0.0f ? Vec{} : loadWithin(dY + at, columns - column);  // NaN stays
  }
};

// dX = d weights^T, for one panel of inputs.
void backwardInputs(const DenseSizes& sizes, int panel, const BackwardRoom& room, int member, const float* weights,
                    float* dX) {
  const int inputs = sizes.inputs, outputs = sizes.outputs, begin = panel * kPanelWidth;
  float* sums = room.sums + member * room.sumsSize;
  const auto weightsRow = [&](int column, int k) {
    const int input = begin + column;
    return input < inputs ? loadWithin(weights + int64_t{input} * outputs + k, outputs - k) : Vec{};
  };
  const auto pack = [&](int from, int to, Element* block) {
    packTransposedPanel<Products>(from, to, block, weightsRow);
  };
  multiplyDeep<Products>(paddedRows(sizes), outputs, {room.d, paddedDepth(outputs), Products::kDepth}, pack,
                         room.panels + member * kPanelSize, sums);
  for (int row = 0; row < sizes.rows; row++)
    for (int v = 0; v < 2; v++) {
      const int column = begin + v * kLanes;
      storeWithin(dX + int64_t{row} * inputs + column, load(sums + row * kPanelWidth + v * kLanes), inputs - column);
    }
}

// dWeights = x^T d, for one block of inputs.
void backwardWeights(const DenseSizes& sizes, int block, const BackwardRoom& room, int member, const float* x,
                     float* dWeights) {
  const int inputs = sizes.inputs, outputs = sizes.outputs, begin = block * kInputBlock;
  Element* const left = room.x + member * room.blockSize;
  float* const sums = room.sums + member * room.sumsSize;
  Element* out = left;
  for (int row = 0; row < sizes.rows; row += Products::kDepth)
    for (int i = begin; i < begin + kInputBlock; i += kLanes, out += kLanes * Products::kDepth)
      Products::storeFactors(out, [&](int d) {
        return row + d < sizes.rows ? loadWithin(x + int64_t{row + d} * inputs + i, inputs - i) : Vec{};
      });
  const LeftSide<Element> side = {left, Products::kDepth, kInputBlock * Products::kDepth};
  const int steps = (sizes.rows + Products::kDepth - 1) / Products::kDepth;
  for (int panel = 0; panel < panelsOf(outputs); panel++) {
    multiplyPanel<Products>(kInputBlock, steps, side, room.dPanels + panel * room.panelSize, sums);
    for (int i = 0; i < kInputBlock && begin + i < inputs; i++)
      for (int v = 0; v < 2; v++) {
        const int column = panel * kPanelWidth + v * kLanes;
        storeWithin(dWeights + int64_t{begin + i} * outputs + column, load(sums + i * kPanelWidth + v * kLanes),
                    outputs - column);
      }
  }
}

}  // namespace

int64_t denseForwardScratch(const DenseSizes& sizes, int members) {
  Scratch scratch(nullptr);
  layOutForward(scratch, sizes, members);
  return scratch.used();
}

void denseForward(const DenseSizes& sizes, const float* x, const float* weights, const float* bias, float* y,
                  float* scratchBase, Team& team) {
  const int rows = sizes.rows, inputs = sizes.inputs, outputs = sizes.outputs, stride = paddedDepth(inputs);
  Scratch scratch(scratchBase);
  const ForwardRoom room = layOutForward(scratch, sizes, team.members());
  team.each(paddedRows(sizes), [&](int row) {
    roundRow(inputs, room.x + int64_t{row} * stride,
             [&](int i) { return row < rows ? loadWithin(x + int64_t{row} * inputs + i, inputs - i) : Vec{}; });
  });
  team.eachByMember(panelsOf(outputs), [&](int panel, int member) {
    const int begin = panel * kPanelWidth;
    float* sums = room.sums + int64_t{member} * paddedRows(sizes) * kPanelWidth;
    const auto weightsRow = [&](int k, int v) {
      const int column = begin + v * kLanes;
      return k < inputs ? loadWithin(weights + int64_t{k} * outputs + column, outputs - column) : Vec{};
    };
    const auto pack = [&](int from, int to, Element* block) { packPanel<Products>(from, to, block, weightsRow); };
    multiplyDeep<Products>(paddedRows(sizes), inputs, {room.x, stride, Products::kDepth}, pack,
                           room.panels + member * kPanelSize, sums);
    for (int v = 0; v < 2; v++) {
      const int column = begin + v * kLanes;
      const Vec added = loadWithin(bias + column, outputs - column);
      for (int row = 0; row < rows; row++) {
        const Vec sum = load(sums + row * kPanelWidth + v * kLanes) + added;
        storeWithin(y + int64_t{row} * outputs + column, sum <= 0.0f ? Vec{} : sum, outputs - column);  // NaN stays
      }
    }
  });
}

int64_t denseBackwardScratch(const DenseSizes& sizes, int members) {
  Scratch scratch(nullptr);
  layOutBackward(scratch, sizes, members);
  return scratch.used();
}

void denseBackward(const DenseSizes& sizes, const float* x, const float* weights, const float* y, const float* dY,
                   float* dX, float* dWeights, float* dBias, float* scratchBase, Team& team) {
  const int outputs = sizes.outputs;
  Scratch scratch(scratchBase);
  const BackwardRoom room = layOutBackward(scratch, sizes, team.members());
  const BeforeRelu d = {y, dY, sizes.rows, outputs};
  const int rows = paddedRows(sizes), panels = panelsOf(outputs);
  team.each(rows + panels, [&](int item) {
    if (item < rows) {
      roundRow(outputs, room.d + int64_t{item} * paddedDepth(outputs), [&](int column) { return d(item, column); });
      return;
    }
    const int begin = (item - rows) * kPanelWidth;
    packPanel<Products>(0, sizes.rows, room.dPanels + (item - rows) * room.panelSize,
                        [&](int row, int v) { return d(row, begin + v * kLanes); });
    for (int v = 0; v < 2; v++) {
      Vec sum = {};
      for (int row = 0; row < sizes.rows; row++) sum += d(row, begin + v * kLanes);
      storeWithin(dBias + begin + v * kLanes, sum, outputs - begin - v * kLanes);
    }
  });
  const int inputPanels = panelsOf(sizes.inputs), inputBlocks = (sizes.inputs + kInputBlock - 1) / kInputBlock;
  team.eachByMember(inputPanels + inputBlocks, [&](int item, int member) {
    if (item < inputPanels) backwardInputs(sizes, item, room, member, weights, dX);
    else backwardWeights(sizes, item - inputPanels, room, member, x, dWeights);
  });
}

}  // namespace ISA
}  // namespace rim_agents
