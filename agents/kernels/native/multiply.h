// Small matrix products for *_core.cc files: a few rows times a matrix, and sums of outer products. Written for rows
// that are gathered from anywhere, because only active modules are computed. Sums run over the inner dimension in
// order, whatever the rows and columns computed together.
#pragma once

#include <cstdint>

#include "vector.h"

namespace rim_agents {
namespace ISA {

// A tile of the result is kept in registers: kTileRows rows of up to kTileVectors vectors, beside one row of the matrix
// and one element.
constexpr int kTileRows = 4;
constexpr int kTileVectors = kRegisters == 32 ? 6 : 3;

// Rows gathered for one product inside a recursion, at most.
constexpr int kRowsAtOnce = 16;

static inline int divideUp(int a, int b) { return (a + b - 1) / b; }

// How the columns of a matrix are cut into panels, each at most as wide as a tile. The last vector of the last panel
// ends at the last column and may so overlap the one before: no vector reaches beyond the matrix, and overlapping lanes
// hold the same numbers. Panels are of nearly equal width, so that where there are several none is a single vector, and
// the overlap stays within a panel.
struct Panels {
  int columns, vectors, count;

  explicit Panels(int columns)
      : columns(columns), vectors(divideUp(columns, kLanes)), count(divideUp(vectors, kTileVectors)) {}

  int firstVector(int panel) const { return panel * vectors / count; }
  int begin(int panel) const { return firstVector(panel) * kLanes; }
  int vectorsOf(int panel) const { return firstVector(panel + 1) - firstVector(panel); }
  // Where the last vector of the panel begins, counted from the panel's first column.
  int lastVector(int panel) const {
    return panel < count - 1 ? (vectorsOf(panel) - 1) * kLanes : columns - kLanes - begin(panel);
  }
};

// Narrower matrices than one vector are multiplied element by element.
static inline bool isNarrow(int columns) { return columns < kLanes; }

// The right side of a product, (rows, columns): as it lies in memory, rows `stride` apart, or packed panel by panel
// into aligned, contiguous vectors.
struct Matrix {
  const float* data;
  int rows, columns;
  int stride;
  bool isPacked;
};

static inline Matrix plainMatrix(const float* data, int rows, int columns, int stride) {
  return {data, rows, columns, stride, false};
}
static inline Matrix plainMatrix(const float* data, int rows, int columns) {
  return {data, rows, columns, columns, false};
}
static inline Matrix packedMatrix(float* data, int rows, int columns) { return {data, rows, columns, columns, true}; }

static inline int64_t packedSize(int rows, int columns) { return int64_t{rows} * divideUp(columns, kLanes) * kLanes; }

// Packs `count` rows into a packed matrix, from its row `first` on; its data has packedSize floats. Element (k, j) of
// what is packed is source[k * rowStride + j * columnStride].
static void packRows(const float* source, int64_t rowStride, int64_t columnStride, const Matrix& to, int first,
                     int count) {
  float* data = const_cast<float*>(to.data);
  if (isNarrow(to.columns)) {
    for (int k = 0; k < count; k++)
      for (int j = 0; j < to.columns; j++)
        data[int64_t{first + k} * to.columns + j] = source[k * rowStride + j * columnStride];
    return;
  }
  const Panels panels(to.columns);
  for (int panel = 0; panel < panels.count; panel++) {
    const int vectors = panels.vectorsOf(panel), last = panels.lastVector(panel);
    float* out = data + int64_t{to.rows} * panels.begin(panel) + int64_t{first} * vectors * kLanes;
    for (int k = 0; k < count; k++) {
      for (int v = 0; v < vectors; v++, out += kLanes) {
        const float* from =
            source + k * rowStride + (panels.begin(panel) + (v < vectors - 1 ? v * kLanes : last)) * columnStride;
        if (columnStride == 1) store(out, load(from));
        else
          for (int lane = 0; lane < kLanes; lane++) out[lane] = from[lane * columnStride];
      }
    }
  }
}

// Packs a matrix of the same size.
static inline void packMatrix(const Matrix& plain, const Matrix& to) {
  packRows(plain.data, plain.stride, 1, to, 0, to.rows);
}

// Packs the transpose of `plain` into rows [first, first + plain.columns) of a matrix that has as many columns as
// `plain` has rows.
static inline void packTransposed(const Matrix& plain, const Matrix& to, int first = 0) {
  packRows(plain.data, 1, plain.stride, to, first, plain.columns);
}

// Columns of a right side and of the result that one tile covers.
struct Panel {
  const float* w;  // its first row; `stride` from one row to the next
  int64_t stride;
  int column;  // of the result, where the panel begins
  // Where the last vector begins, in a row of w and counted from `column` of the result. Others lie side by side.
  int lastInW, lastInOut;
};

// One tile: out[r] (+)= sum over k of x[r][k] w[k], for R rows and V vectors.
template <int R, int V>
static inline void multiplyTile(const Panel& panel, int depth, const float* const* x, float* const* out, bool add) {
  const float* w = panel.w;
  const int64_t stride = panel.stride;
  const int column = panel.column, lastInW = panel.lastInW, lastInOut = panel.lastInOut;
  Vec sums[R][V];
  for (int r = 0; r < R; r++)
    for (int v = 0; v < V; v++) sums[r][v] = add ? load(out[r] + column + (v < V - 1 ? v * kLanes : lastInOut)) : Vec{};
  const float* rows[R];
  for (int r = 0; r < R; r++) rows[r] = x[r];
  for (int k = 0; k < depth; k++, w += stride) {
    Vec row[V];
    for (int v = 0; v < V; v++) row[v] = load(w + (v < V - 1 ? v * kLanes : lastInW));
#pragma GCC unroll 8
    for (int r = 0; r < R; r++) {
      const Vec element = broadcast(rows[r][k]);
#pragma GCC unroll 8
      for (int v = 0; v < V; v++) sums[r][v] += element * row[v];
    }
  }
  for (int r = 0; r < R; r++)
    for (int v = 0; v < V; v++) store(out[r] + column + (v < V - 1 ? v * kLanes : lastInOut), sums[r][v]);
}

template <int R>
static void multiplyPanel(const Panel& panel, int vectors, int depth, const float* const* x, float* const* out,
                          bool add) {
  switch (vectors) {
    case 1: return multiplyTile<R, 1>(panel, depth, x, out, add);
    case 2: return multiplyTile<R, 2>(panel, depth, x, out, add);
    case 3: return multiplyTile<R, 3>(panel, depth, x, out, add);
#if defined(__AVX512F__) || defined(__aarch64__)
    case 4: return multiplyTile<R, 4>(panel, depth, x, out, add);
    case 5: return multiplyTile<R, 5>(panel, depth, x, out, add);
    case 6: return multiplyTile<R, 6>(panel, depth, x, out, add);
#endif
  }
}

// out[r] = x[r] times the matrix, or added to what is there.
// @param x rows of matrix.rows floats @param out rows of matrix.columns floats, aliasing nothing
static void multiply(const Matrix& matrix, int rows, const float* const* x, float* const* out, bool add = false) {
  if (isNarrow(matrix.columns)) {
    for (int r = 0; r < rows; r++)
      for (int j = 0; j < matrix.columns; j++) {
        float total = add ? out[r][j] : 0;
        for (int k = 0; k < matrix.rows; k++) total += x[r][k] * matrix.data[int64_t{k} * matrix.stride + j];
        out[r][j] = total;
      }
    return;
  }
  const Panels panels(matrix.columns);
  for (int i = 0; i < panels.count; i++) {
    const int begin = panels.begin(i), vectors = panels.vectorsOf(i), last = panels.lastVector(i);
    Panel panel = {matrix.data + begin, matrix.stride, begin, last, last};
    if (matrix.isPacked)
      panel = {matrix.data + int64_t{matrix.rows} * begin, vectors * kLanes, begin, (vectors - 1) * kLanes, last};
    int r = 0;
    for (; r + kTileRows <= rows; r += kTileRows)
      multiplyPanel<kTileRows>(panel, vectors, matrix.rows, x + r, out + r, add);
    switch (rows - r) {
      case 3: multiplyPanel<3>(panel, vectors, matrix.rows, x + r, out + r, add); break;
      case 2: multiplyPanel<2>(panel, vectors, matrix.rows, x + r, out + r, add); break;
      case 1: multiplyPanel<1>(panel, vectors, matrix.rows, x + r, out + r, add); break;
    }
  }
}

// Sum of outer products: result (rows, columns) = sum of scale a^T b over all pairs of rows that are given to add().
// Call finish() at the end.
class OuterProducts {
 public:
  // @param stride from one row of the result to the next
  OuterProducts(float* result, int rows, int columns, int stride)
      : result_(result), rows_(rows), columns_(columns), stride_(stride) {}
  OuterProducts(float* result, int rows, int columns) : OuterProducts(result, rows, columns, columns) {}

  // @param a (rows) @param b (columns); both must stay until finish()
  void add(const float* a, const float* b, float scale = 1) {
    if (count_ == kDepth) flush();
    a_[count_] = a;
    b_[count_] = b;
    scale_[count_++] = scale;
  }

  void finish() {
    if (count_ > 0 || isFirst_) flush();
  }

 private:
  static constexpr int kDepth = 256;  // pairs summed at once: a panel of their b rows fits the second-level cache

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
        for (int pair = 0; pair < count_; pair++) total += a_[pair][i] * (scale_[pair] * b_[pair][j]);
      }
  }

  void flushPanels() {
    alignas(64) float packed[kDepth * kTileVectors * kLanes];
    const Panels panels(columns_);
    for (int panel = 0; panel < panels.count; panel++) {
      const int begin = panels.begin(panel), vectors = panels.vectorsOf(panel), last = panels.lastVector(panel);
      float* out = packed;
      for (int pair = 0; pair < count_; pair++)
        for (int v = 0; v < vectors; v++, out += kLanes)
          store(out, scale_[pair] * load(b_[pair] + begin + (v < vectors - 1 ? v * kLanes : last)));
      int i = 0;
      for (; i + kTileRows <= rows_; i += kTileRows) panelRows<kTileRows>(vectors, packed, i, begin, last);
      for (; i < rows_; i++) panelRows<1>(vectors, packed, i, begin, last);
    }
  }

  template <int R>
  void panelRows(int vectors, const float* packed, int row, int column, int last) {
    switch (vectors) {
      case 1: return tile<R, 1>(packed, row, column, last);
      case 2: return tile<R, 2>(packed, row, column, last);
      case 3: return tile<R, 3>(packed, row, column, last);
#if defined(__AVX512F__) || defined(__aarch64__)
      case 4: return tile<R, 4>(packed, row, column, last);
      case 5: return tile<R, 5>(packed, row, column, last);
      case 6: return tile<R, 6>(packed, row, column, last);
#endif
    }
  }

  template <int R, int V>
  void tile(const float* packed, int row, int column, int last) {
    float* out = result_ + int64_t{row} * stride_ + column;
    Vec sums[R][V];
    for (int r = 0; r < R; r++)
      for (int v = 0; v < V; v++)
        sums[r][v] = isFirst_ ? Vec{} : load(out + int64_t{r} * stride_ + (v < V - 1 ? v * kLanes : last));
    for (int pair = 0; pair < count_; pair++, packed += V * kLanes) {
      Vec b[V];
      for (int v = 0; v < V; v++) b[v] = load(packed + v * kLanes);
      const float* a = a_[pair] + row;
#pragma GCC unroll 8
      for (int r = 0; r < R; r++) {
        const Vec element = broadcast(a[r]);
#pragma GCC unroll 8
        for (int v = 0; v < V; v++) sums[r][v] += element * b[v];
      }
    }
    for (int r = 0; r < R; r++)
      for (int v = 0; v < V; v++) store(out + int64_t{r} * stride_ + (v < V - 1 ? v * kLanes : last), sums[r][v]);
  }

  float* const result_;
  const int rows_, columns_, stride_;
  bool isFirst_ = true;
  int count_ = 0;
  const float* a_[kDepth];
  const float* b_[kDepth];
  float scale_[kDepth];
};

}  // namespace ISA
}  // namespace rim_agents
