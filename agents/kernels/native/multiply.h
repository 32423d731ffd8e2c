// Small matrix products for *_core.cc files: a few rows times a matrix. Written for rows that are gathered from
// anywhere, because only active modules are computed. Sums run over the inner dimension in order, in bfloat16 pair by
// pair, whatever the rows and columns computed together. Rows, plain matrices and results are float32; factors are
// rounded to what Products (products.h) multiplies.
#pragma once

#include <cstdint>

#include "products.h"
#include "transpose.h"
#include "vector.h"

namespace rim_agents {
namespace ISA {

// A tile of the result is kept in registers: kTileRows rows of up to kTileVectors vectors, beside one row of the matrix
// and one element.
constexpr int kTileRows = 4;
constexpr int kTileVectors = kRegisters == 32 ? 6 : 3;
// Of few vectors, more rows share what is loaded of the matrix.
constexpr int kTallRows = kRegisters == 32 ? 8 : 4, kTallVectors = 3;

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
// into aligned, contiguous vectors of factors. One of the two is null.
template <class Products>
struct Matrix {
  const float* plain;
  typename Products::Element* packed;
  int rows, columns;
  int stride;
};

template <class Products>
static inline Matrix<Products> plainMatrix(const float* data, int rows, int columns, int stride) {
  return {data, nullptr, rows, columns, stride};
}
template <class Products>
static inline Matrix<Products> plainMatrix(const float* data, int rows, int columns) {
  return plainMatrix<Products>(data, rows, columns, columns);
}
// @param data packedSize floats
template <class Products>
static inline Matrix<Products> packedMatrix(float* data, int rows, int columns) {
  return {nullptr, reinterpret_cast<typename Products::Element*>(data), rows, columns, columns};
}

// Elements of one vector of factors.
template <class Products>
constexpr int kFactors = kLanes * Products::kDepth;

// Floats that a packed matrix takes.
template <class Products>
static inline int64_t packedSize(int rows, int columns) {
  return int64_t{divideUp(rows, Products::kDepth)} * divideUp(columns, kLanes) * kLanes;
}

// Where a panel of a packed matrix of so many rows begins.
template <class Products>
static inline int64_t packedBegin(const Panels& panels, int panel, int rows) {
  return int64_t{divideUp(rows, Products::kDepth)} * panels.begin(panel) * Products::kDepth;
}

// Packs rows [begin, end) of one panel of a plain matrix.
template <class Products>
static void packPlainPanel(const Matrix<Products>& plain, const Panels& panels, int panel, int begin, int end,
                           typename Products::Element* out) {
  const int vectors = panels.vectorsOf(panel), last = panels.lastVector(panel);
  for (int k = begin; k < end; k += Products::kDepth)
    for (int v = 0; v < vectors; v++, out += kFactors<Products>) {
      const float* from =
          plain.plain + int64_t{k} * plain.stride + panels.begin(panel) + (v < vectors - 1 ? v * kLanes : last);
      Products::storeFactors(out, [&](int d) { return k + d < end ? load(from + int64_t{d} * plain.stride) : Vec{}; });
    }
}

// Packs a matrix of the same size.
template <class Products>
static void packMatrix(const Matrix<Products>& plain, const Matrix<Products>& to) {
  if (isNarrow(to.columns)) {
    for (int k = 0; k < to.rows; k++)
      for (int j = 0; j < to.columns; j++)
        Products::storeOne(to.packed + int64_t{k} * to.columns + j, plain.plain[int64_t{k} * plain.stride + j]);
    return;
  }
  const Panels panels(to.columns);
  for (int panel = 0; panel < panels.count; panel++)
    packPlainPanel(plain, panels, panel, 0, to.rows, to.packed + packedBegin<Products>(panels, panel, to.rows));
}

// Packs one panel of the transpose of `plain` into rows [first, first + plain.columns) of a matrix that has as many
// columns as `plain` has rows. What is packed last must end at the matrix's last row and begin at an even one: else its
// last factors would lack a half.
template <class Products>
static void packPanelTransposed(const Matrix<Products>& plain, const Matrix<Products>& to, int panel, int first = 0) {
  constexpr int kDepth = Products::kDepth;
  const int count = plain.columns;
  if (isNarrow(to.columns)) {
    for (int k = 0; k < count; k++)
      for (int j = 0; j < to.columns; j++)
        Products::storeOne(to.packed + int64_t{first + k} * to.columns + j, plain.plain[int64_t{j} * plain.stride + k]);
    return;
  }
  const Panels panels(to.columns);
  const int vectors = panels.vectorsOf(panel), last = panels.lastVector(panel);
  typename Products::Element* out = to.packed + packedBegin<Products>(panels, panel, to.rows);
  for (int v = 0; v < vectors; v++) {
    const int column = panels.begin(panel) + (v < vectors - 1 ? v * kLanes : last);
    const float* from = plain.plain + int64_t{column} * plain.stride;
    const auto place = [&](int k) {
      return out + (int64_t{k / kDepth} * vectors + v) * kFactors<Products> + k % kDepth;
    };
    for (int k = 0; k < count; k += kLanes) {
      Vec square[kLanes];
      for (int i = 0; i < kLanes; i++) square[i] = loadWithin(from + int64_t{i} * plain.stride + k, count - k);
      transpose(square);
      const int rows = count - k < kLanes ? count - k : kLanes;
      if (first % kDepth == 0) {
        for (int i = 0; i < rows; i += kDepth)
          Products::storeFactors(place(first + k + i), [&](int d) { return square[i + d]; });
        continue;
      }
      for (int i = 0; i < rows; i++)  // the first of them shares its factors with the row before
        for (int lane = 0; lane < kLanes; lane++)
          Products::storeOne(place(first + k + i) + lane * kDepth, square[i][lane]);
    }
  }
}

// The same, all panels. Parts of a matrix must be packed one after the other, the upper one first.
template <class Products>
static void packTransposed(const Matrix<Products>& plain, const Matrix<Products>& to, int first = 0) {
  for (int panel = 0; panel < Panels(to.columns).count; panel++) packPanelTransposed(plain, to, panel, first);
}

// Columns of a right side and of the result that one tile covers.
template <class Products>
struct Panel {
  const typename Products::Element* w;  // its first factors; `stride` from one step of the sum to the next
  int64_t stride;
  int column;  // of the result, where the panel begins
  // Where the last vector begins, in a step of w and counted from `column` of the result. Others lie side by side.
  int lastInW, lastInOut;
};

// One tile: out[r] (+)= sum over steps of x[r] w, for R rows and V vectors.
template <class Products, int R, int V>
static inline void multiplyTile(const Panel<Products>& panel, int steps, const typename Products::Element* const* x,
                                float* const* out, bool add) {
  const typename Products::Element* w = panel.w;
  const int64_t stride = panel.stride;
  const int column = panel.column, lastInW = panel.lastInW, lastInOut = panel.lastInOut;
  Vec sums[R][V];
  for (int r = 0; r < R; r++)
    for (int v = 0; v < V; v++) sums[r][v] = add ? load(out[r] + column + (v < V - 1 ? v * kLanes : lastInOut)) : Vec{};
  const typename Products::Element* rows[R];
  for (int r = 0; r < R; r++) rows[r] = x[r];
  for (int k = 0; k < steps; k++, w += stride) {
    typename Products::Factors row[V];
    for (int v = 0; v < V; v++) row[v] = Products::loadFactors(w + (v < V - 1 ? v * kFactors<Products> : lastInW));
#pragma GCC unroll 8
    for (int r = 0; r < R; r++) {
      const auto element = Products::broadcastFactors(rows[r] + k * Products::kDepth);
#pragma GCC unroll 8
      for (int v = 0; v < V; v++) sums[r][v] = Products::add(sums[r][v], element, row[v]);
    }
  }
  for (int r = 0; r < R; r++)
    for (int v = 0; v < V; v++) store(out[r] + column + (v < V - 1 ? v * kLanes : lastInOut), sums[r][v]);
}

template <class Products, int R>
static void multiplyTiles(const Panel<Products>& panel, int vectors, int steps,
                          const typename Products::Element* const* x, float* const* out, bool add) {
  switch (vectors) {
    case 1: return multiplyTile<Products, R, 1>(panel, steps, x, out, add);
    case 2: return multiplyTile<Products, R, 2>(panel, steps, x, out, add);
    case 3: return multiplyTile<Products, R, 3>(panel, steps, x, out, add);
  }
  if constexpr (kTileVectors == 6 && R <= kTileRows) switch (vectors) {
      case 4: return multiplyTile<Products, R, 4>(panel, steps, x, out, add);
      case 5: return multiplyTile<Products, R, 5>(panel, steps, x, out, add);
      case 6: return multiplyTile<Products, R, 6>(panel, steps, x, out, add);
    }
}

template <class Products>
static void multiplyRows(const Panel<Products>& panel, int vectors, int steps, int rows,
                         const typename Products::Element* const* x, float* const* out, bool add) {
  int r = 0;
  if (vectors <= kTallVectors)
    for (; r + kTallRows <= rows; r += kTallRows)
      multiplyTiles<Products, kTallRows>(panel, vectors, steps, x + r, out + r, add);
  for (; r + kTileRows <= rows; r += kTileRows)
    multiplyTiles<Products, kTileRows>(panel, vectors, steps, x + r, out + r, add);
  switch (rows - r) {
    case 3: multiplyTiles<Products, 3>(panel, vectors, steps, x + r, out + r, add); break;
    case 2: multiplyTiles<Products, 2>(panel, vectors, steps, x + r, out + r, add); break;
    case 1: multiplyTiles<Products, 1>(panel, vectors, steps, x + r, out + r, add); break;
  }
}

template <class Products>
static void multiplyNarrow(const Matrix<Products>& matrix, int rows, const float* const* x, float* const* out,
                           bool add) {
  for (int r = 0; r < rows; r++)
    for (int j = 0; j < matrix.columns; j++) {
      float total = add ? out[r][j] : 0;
      for (int k = 0; k < matrix.rows; k++) {
        const float w = matrix.packed ? Products::loadOne(matrix.packed + int64_t{k} * matrix.columns + j)
                                      : Products::rounded(matrix.plain[int64_t{k} * matrix.stride + j]);
        total += Products::rounded(x[r][k]) * w;
      }
      out[r][j] = total;
    }
}

// Where factors are not rounded, rows and plain matrices are multiplied where they lie.
static inline void multiplyPanels(const Matrix<Float32Products>& matrix, int rows, const float* const* x,
                                  float* const* out, bool add) {
  const Panels panels(matrix.columns);
  for (int i = 0; i < panels.count; i++) {
    const int begin = panels.begin(i), vectors = panels.vectorsOf(i), last = panels.lastVector(i);
    Panel<Float32Products> panel = {matrix.plain + begin, matrix.stride, begin, last, last};
    if (matrix.packed)
      panel = {matrix.packed + int64_t{matrix.rows} * begin, vectors * kLanes, begin, (vectors - 1) * kLanes, last};
    multiplyRows<Float32Products>(panel, vectors, matrix.rows, rows, x, out, add);
  }
}

// Rows and plain matrices are rounded block by block, as many rows and so much of the sum at once.
constexpr int kRoundedRows = 32, kRoundedDepth = 256;

static inline void multiplyPanels(const Matrix<Bfloat16Products>& matrix, int rows, const float* const* x,
                                  float* const* out, bool add) {
  using Products = Bfloat16Products;
  alignas(64) Bfloat16 left[kRoundedRows * kRoundedDepth], right[kRoundedDepth * kTileVectors * kLanes];
  const Panels panels(matrix.columns);
  for (int first = 0; first < rows; first += kRoundedRows)
    for (int begin = 0; begin < matrix.rows; begin += kRoundedDepth) {
      const int count = rows - first < kRoundedRows ? rows - first : kRoundedRows;
      const int depth = matrix.rows - begin < kRoundedDepth ? matrix.rows - begin : kRoundedDepth;
      const int steps = divideUp(depth, Products::kDepth);
      const Bfloat16* rounded[kRoundedRows];
      for (int r = 0; r < count; r++) {
        rounded[r] = left + r * kRoundedDepth;
        for (int k = 0; k < depth; k += kLanes)
          Products::storeElements(left + r * kRoundedDepth + k, loadWithin(x[first + r] + begin + k, depth - k));
      }
      for (int i = 0; i < panels.count; i++) {
        const int vectors = panels.vectorsOf(i), column = panels.begin(i);
        const int64_t stride = vectors * kFactors<Products>;
        const Bfloat16* w = right;
        if (matrix.packed)
          w = matrix.packed + packedBegin<Products>(panels, i, matrix.rows) + begin / Products::kDepth * stride;
        else packPlainPanel(matrix, panels, i, begin, begin + depth, right);
        const int last = static_cast<int>(stride) - kFactors<Products>;
        multiplyRows<Products>({w, stride, column, last, panels.lastVector(i)}, vectors, steps, count, rounded,
                               out + first, add || begin > 0);
      }
    }
}

// out[r] = x[r] times the matrix, or added to what is there.
// @param x rows of matrix.rows floats @param out rows of matrix.columns floats, aliasing nothing
template <class Products>
static void multiply(const Matrix<Products>& matrix, int rows, const float* const* x, float* const* out,
                     bool add = false) {
  if (isNarrow(matrix.columns)) multiplyNarrow(matrix, rows, x, out, add);
  else multiplyPanels(matrix, rows, x, out, add);
}

}  // namespace ISA
}  // namespace rim_agents
