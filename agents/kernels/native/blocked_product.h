// Products of large matrices for *_core.cc files, one panel of columns at a time: while a block of the right side's
// panel is in the first-level cache, all rows of the left side pass by it.
#pragma once

#include <cstring>

#include "products.h"
#include "transpose.h"
#include "vector.h"

namespace rim_agents {
namespace ISA {

// A panel is two vectors wide. Rows are multiplied kRowTile at a time: sums fill the registers.
constexpr int kPanelWidth = 2 * kLanes;
constexpr int kRowTile = kRegisters == 32 ? 8 : 4;
// Depth of the block of a panel that is packed at once.
constexpr int kBlockDepth = 400;
static_assert(kBlockDepth % kLanes == 0, "whole vectors");

static inline int roundUp(int size, int unit) { return (size + unit - 1) / unit * unit; }

// The left side: element (row, k) lies at data + row * rowStride + k / kDepth * stepStride (+ k % kDepth).
template <class Element>
struct LeftSide {
  const Element* data;
  int64_t rowStride, stepStride;
};

// sums (kRowTile, kPanelWidth) += left right
// @param right (steps, kPanelWidth, kDepth)
template <class Products>
static void multiplyBlock(const LeftSide<typename Products::Element>& left, const typename Products::Element* right,
                          int steps, float* sums) {
  constexpr int kStep = kPanelWidth * Products::kDepth;
  const typename Products::Element* rows[kRowTile];
  Vec tile[kRowTile][2];
  for (int r = 0; r < kRowTile; r++) {
    rows[r] = left.data + r * left.rowStride;
    for (int v = 0; v < 2; v++) tile[r][v] = load(sums + r * kPanelWidth + v * kLanes);
  }
  for (int64_t step = 0, at = 0; step < steps; step++, at += left.stepStride, right += kStep) {
    const auto first = Products::loadFactors(right), second = Products::loadFactors(right + kStep / 2);
#pragma GCC unroll 8
    for (int r = 0; r < kRowTile; r++) {
      const auto element = Products::broadcastFactors(rows[r] + at);
      tile[r][0] = Products::add(tile[r][0], element, first);
      tile[r][1] = Products::add(tile[r][1], element, second);
    }
  }
  for (int r = 0; r < kRowTile; r++)
    for (int v = 0; v < 2; v++) store(sums + r * kPanelWidth + v * kLanes, tile[r][v]);
}

// sums (rows, kPanelWidth) = left right. @param rows a multiple of kRowTile @param right (steps, kPanelWidth, kDepth)
template <class Products>
static void multiplyPanel(int rows, int steps, const LeftSide<typename Products::Element>& left,
                          const typename Products::Element* right, float* sums, bool isFirst = true) {
  if (isFirst) std::memset(sums, 0, sizeof(float) * rows * kPanelWidth);
  for (int row = 0; row < rows; row += kRowTile)
    multiplyBlock<Products>({left.data + row * left.rowStride, left.rowStride, left.stepStride}, right, steps,
                            sums + row * kPanelWidth);
}

// Packs a panel, or a block of one. @param row(k, v) vector v of row k of the right side; 0 beyond the matrix
template <class Products, class Row>
static void packPanel(int begin, int end, typename Products::Element* out, const Row& row) {
  for (int k = begin; k < end; k += Products::kDepth)
    for (int v = 0; v < 2; v++, out += kLanes * Products::kDepth)
      Products::storeFactors(out, [&](int d) { return row(k + d, v); });
}

// Packs rows [begin, end) of the transpose of a matrix, a panel wide; whole squares, so up to kLanes - 1 rows more.
// @param row(column, k) kLanes numbers of the matrix's row `column` from k on, 0 beyond the matrix
template <class Products, class Row>
static void packTransposedPanel(int begin, int end, typename Products::Element* out, const Row& row) {
  constexpr int kDepth = Products::kDepth;
  for (int k = begin; k < end; k += kLanes, out += kLanes * kPanelWidth)
    for (int v = 0; v < 2; v++) {
      Vec square[kLanes];
      for (int i = 0; i < kLanes; i++) square[i] = row(v * kLanes + i, k);
      transpose(square);
      for (int i = 0; i < kLanes; i += kDepth)
        Products::storeFactors(out + i * kPanelWidth + v * kLanes * kDepth, [&](int d) { return square[i + d]; });
    }
}

// The same for a deep right side, a block at a time. @param pack(begin, end, room) packs rows [begin, end)
// @param room kBlockDepth * kPanelWidth elements
template <class Products, class Pack>
static void multiplyDeep(int rows, int depth, const LeftSide<typename Products::Element>& left, const Pack& pack,
                         typename Products::Element* room, float* sums) {
  for (int begin = 0; begin < depth; begin += kBlockDepth) {
    const int end = begin + kBlockDepth < depth ? begin + kBlockDepth : depth;
    pack(begin, end, room);
    const int steps = (end - begin + Products::kDepth - 1) / Products::kDepth;
    const int64_t offset = begin / Products::kDepth * left.stepStride;
    multiplyPanel<Products>(rows, steps, {left.data + offset, left.rowStride, left.stepStride}, room, sums, begin == 0);
  }
}

}  // namespace ISA
}  // namespace rim_agents
