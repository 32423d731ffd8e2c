// Sums of outer products for *_core.cc files: gradients of weights, over rows that are gathered from anywhere.
#pragma once

#include <cstdint>

#include "multiply.h"

namespace rim_agents {
namespace ISA {

// result (rows, columns) = sum of scale a^T b over all pairs of rows that are given to add(); factors are a and
// scale b, rounded to what Products multiplies. Call finish() at the end.
template <class Products>
class OuterProducts {
 public:
  // @param stride from one row of the result to the next
  OuterProducts(float* result, int rows, int columns, int stride)
      : result_(result), rows_(rows), columns_(columns), stride_(stride) {}
  OuterProducts(float* result, int rows, int columns) : OuterProducts(result, rows, columns, columns) {}

  // @param a (rows) @param b (columns); both must stay until finish()
  void add(const float* a, const float* b, float scale = 1) {
    if (count_ == kPairs) flush();
    a_[count_] = a;
    b_[count_] = b;
    scale_[count_++] = scale;
  }

  void finish() {
    if (count_ > 0 || isFirst_) flush();
  }

 private:
  using Element = typename Products::Element;
  static constexpr int kDepth = Products::kDepth;
  static constexpr int kPairs = 256;  // summed at once: a panel of their b rows fits the second-level cache
  static constexpr int kRows = 128;   // of the result that are summed at once: their factors are packed
  static constexpr int kGroup = 8;    // rows whose factors lie side by side
  static constexpr int kAhead = 8;    // pairs that are fetched before they are packed

  static int groupOf(int row) { return row / kGroup * (kGroup * kPairs); }

  void flush() {
    if (isNarrow(columns_)) flushNarrow();
    else flushPanels();
    isFirst_ = false;
    count_ = 0;
  }

  void flushNarrow() {
    for (int i = 0; i < rows_; i++)
      for (int j = 0; j < columns_; j++) {
        float& total = result_[int64_t{i} * stride_ + j];
        if (isFirst_) total = 0;
        for (int pair = 0; pair < count_; pair++)
          total += Products::rounded(a_[pair][i]) * Products::rounded(scale_[pair] * b_[pair][j]);
      }
  }

  void flushPanels() {
    alignas(64) Element left[kPairs * kRows], right[kPairs * kTileVectors * kLanes];
    const Panels panels(columns_);
    for (int begin = 0; begin < rows_; begin += kRows) {
      const int end = begin + kRows < rows_ ? begin + kRows : rows_;
      packLeft(begin, end, left);
      for (int panel = 0; panel < panels.count; panel++) {
        const Tile tile = {right, panels.begin(panel), panels.lastVector(panel)};
        packRight(tile, panels.vectorsOf(panel), right);
        addPanel(panels.vectorsOf(panel), tile, left, begin, end);
      }
    }
  }

  // kLanes numbers of a pair's scale b, from a column on; 0 beyond the last pair.
  Vec scaledB(int pair, int column) const { return pair < count_ ? scale_[pair] * load(b_[pair] + column) : Vec{}; }

  // Rows of the result, kGroup at a time: (group, step, kGroup, kDepth); 0 beyond the last.
  void packLeft(int begin, int end, Element* out) const {
    constexpr int kPiece = kLanes < kGroup ? kLanes : kGroup;
    alignas(64) Element block[kFactors<Products>];
    for (int pair = 0; pair < count_; pair += kDepth, out += kGroup * kDepth)
      for (int i = begin; i < end; i += kLanes) {
        if (pair + kAhead < count_) __builtin_prefetch(a_[pair + kAhead] + i);
        Products::storeFactors(
            block, [&](int d) { return pair + d < count_ ? loadWithin(a_[pair + d] + i, end - i) : Vec{}; });
        for (int j = 0; j < kLanes; j += kPiece) {
          const int row = i - begin + j;
          Element* to = out + groupOf(row) + row % kGroup * kDepth;
          std::memcpy(to, block + j * kDepth, sizeof(Element) * kPiece * kDepth);
        }
      }
  }

  // Columns of the result, and the factors for them.
  struct Tile {
    const Element* right;  // (steps, vectors, kFactors)
    int column, last;      // where they begin, and their last vector, counted from there
  };

  void packRight(const Tile& tile, int vectors, Element* out) const {
    for (int pair = 0; pair < count_; pair += kDepth)
      for (int v = 0; v < vectors; v++, out += kFactors<Products>) {
        const int column = tile.column + (v < vectors - 1 ? v * kLanes : tile.last);
        if (pair + kAhead < count_) __builtin_prefetch(b_[pair + kAhead] + column);
        Products::storeFactors(out, [&](int d) { return scaledB(pair + d, column); });
      }
  }

  // Adds to rows [begin, end) of a panel, whose factors are `left` from `begin` on.
  void addPanel(int vectors, const Tile& tile, const Element* left, int begin, int end) {
    int row = begin;
    const auto at = [&] { return left + groupOf(row - begin) + (row - begin) % kGroup * kDepth; };
    if (vectors <= kTallVectors)
      for (; row + kTallRows <= end; row += kTallRows) addRows<kTallRows>(vectors, tile, at(), row);
    for (; row + kTileRows <= end; row += kTileRows) addRows<kTileRows>(vectors, tile, at(), row);
    for (; row < end; row++) addRows<1>(vectors, tile, at(), row);
  }

  template <int R>
  void addRows(int vectors, const Tile& tile, const Element* left, int row) {
    switch (vectors) {
      case 1: return addTile<R, 1>(tile, left, row);
      case 2: return addTile<R, 2>(tile, left, row);
      case 3: return addTile<R, 3>(tile, left, row);
    }
    if constexpr (kTileVectors == 6 && R <= kTileRows) switch (vectors) {
        case 4: return addTile<R, 4>(tile, left, row);
        case 5: return addTile<R, 5>(tile, left, row);
        case 6: return addTile<R, 6>(tile, left, row);
      }
  }

  template <int R, int V>
  void addTile(const Tile& tile, const Element* left, int row) {
    const int last = tile.last;
    float* out = result_ + int64_t{row} * stride_ + tile.column;
    Vec sums[R][V];
    for (int r = 0; r < R; r++)
      for (int v = 0; v < V; v++)
        sums[r][v] = isFirst_ ? Vec{} : load(out + int64_t{r} * stride_ + (v < V - 1 ? v * kLanes : last));
    const Element* right = tile.right;
    const int steps = divideUp(count_, kDepth);
    for (int step = 0; step < steps; step++, left += kGroup * kDepth, right += V * kFactors<Products>) {
      typename Products::Factors b[V];
      for (int v = 0; v < V; v++) b[v] = Products::loadFactors(right + v * kFactors<Products>);
#pragma GCC unroll 8
      for (int r = 0; r < R; r++) {
        const auto element = Products::broadcastFactors(left + r * kDepth);
#pragma GCC unroll 8
        for (int v = 0; v < V; v++) sums[r][v] = Products::add(sums[r][v], element, b[v]);
      }
    }
    for (int r = 0; r < R; r++)
      for (int v = 0; v < V; v++) store(out + int64_t{r} * stride_ + (v < V - 1 ? v * kLanes : last), sums[r][v]);
  }

  float* const result_;
  const int rows_, columns_, stride_;
  bool isFirst_ = true;
  int count_ = 0;
  const float* a_[kPairs];
  const float* b_[kPairs];
  float scale_[kPairs];
};

}  // namespace ISA
}  // namespace rim_agents
