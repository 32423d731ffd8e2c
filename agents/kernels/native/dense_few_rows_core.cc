#include "dense_few_rows_core.h"

#include <cstdint>

#include "vector.h"

namespace rim_agents {
namespace ISA {
namespace {

// A tile of the result is kept in registers, beside one row of the weights and one element of x.
constexpr int kTileRows = kRegisters == 32 ? 8 : 4;
constexpr int kTileVectors = kRegisters == 32 ? 3 : 2;
constexpr int kTileWidth = kTileVectors * kLanes;

// Rows of weights that are fetched ahead: they are further apart than the processor looks by itself.
constexpr int kAhead = 16;

// One tile, R rows and the columns from `column` on: all of its vectors within the matrix if isWhole.
template <int R, bool isWhole>
void tile(const FewRowsSizes& s, int column, const float* x, const float* weights, const float* bias, float* y) {
  const auto lanes = [&](int v) {
    const int left = s.outputs - column - v * kLanes;
    return left >= kLanes ? kLanes : left > 0 ? left : 0;
  };
  const auto loadVector = [&](const float* p, int v) {
    return isWhole ? load(p + v * kLanes) : loadBlock(p + v * kLanes, lanes(v));
  };
  Vec sums[R][kTileVectors] = {};
  const float* w = weights + column;
  for (int k = 0; k < s.inputs; k++, w += s.outputs) {
    Vec row[kTileVectors];
#pragma GCC unroll 8
    for (int v = 0; v < kTileVectors; v++) {
      row[v] = loadVector(w, v);
      __builtin_prefetch(w + int64_t{kAhead} * s.outputs + v * kLanes);  // may be beyond the end: it only hints
    }
#pragma GCC unroll 8
    for (int r = 0; r < R; r++) {
      const Vec element = broadcast(x[int64_t{r} * s.inputs + k]);
#pragma GCC unroll 8
      for (int v = 0; v < kTileVectors; v++) sums[r][v] += element * row[v];
    }
  }
  for (int v = 0; v < kTileVectors; v++) {
    const Vec added = loadVector(bias + column, v);
    for (int r = 0; r < R; r++) {
      const Vec sum = sums[r][v] + added;
      storeBlock(y + int64_t{r} * s.outputs + column + v * kLanes, sum <= 0.0f ? Vec{} : sum, lanes(v));  // NaN stays
    }
  }
}

template <int R>
void tileOf(const FewRowsSizes& s, int column, int row, const float* x, const float* weights, const float* bias,
            float* y) {
  const auto compute = column + kTileWidth <= s.outputs ? tile<R, true> : tile<R, false>;
  compute(s, column, x + int64_t{row} * s.inputs, weights, bias, y + int64_t{row} * s.outputs);
}

}  // namespace

void denseFewRows(const FewRowsSizes& s, const float* x, const float* weights, const float* bias, float* y,
                  Team& team) {
  team.each((s.outputs + kTileWidth - 1) / kTileWidth, [&](int panel) {
    const int column = panel * kTileWidth;
    int row = 0;
    for (; row + kTileRows <= s.rows; row += kTileRows) tileOf<kTileRows>(s, column, row, x, weights, bias, y);
    for (; row + 4 <= s.rows; row += 4) tileOf<4>(s, column, row, x, weights, bias, y);
    for (; row + 2 <= s.rows; row += 2) tileOf<2>(s, column, row, x, weights, bias, y);
    if (row < s.rows) tileOf<1>(s, column, row, x, weights, bias, y);
  });
}

}  // namespace ISA
}  // namespace rim_agents
