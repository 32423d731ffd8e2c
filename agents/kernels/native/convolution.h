// One convolution without padding, on one sample, for *_core.cc files. Sizes are known to the compiler, so that an
// element's address is one register and a constant.
#pragma once

#include <cstdint>

#include "products.h"
#include "vector.h"

namespace rim_agents {
namespace ISA {

// Filters are computed two vectors at a time, and so many pixels of a row at once that accumulators fill the registers.
constexpr int kPanel = 2 * kLanes;

// @param Products float32 or bfloat16, see products.h
// @param pixels of one row of the output computed at once, a divisor of its length
template <class Products, int input, int channels, int kernel, int stride, int filters, int pixels>
struct Convolution {
  using Element = typename Products::Element;
  static constexpr int kDepth = Products::kDepth;
  static constexpr int kFilters = filters;
  static constexpr int kOutput = (input - kernel) / stride + 1;
  static constexpr int kInputSize = input * input * channels;
  static constexpr int kOutputSize = kOutput * kOutput * filters;
  static constexpr int kSegment = kernel * channels;  // elements of one row of a patch, contiguous in the input
  static constexpr int kWeightSize = kernel * kSegment * filters;
  static_assert(kOutput % pixels == 0 && filters % kPanel == 0 && kSegment % kPanel == 0, "tiles must fit");

  // Element of the input where the patch of output (y, x) has its row `ky`.
  static constexpr int patchRow(int y, int x, int ky) { return ((y * stride + ky) * input + x * stride) * channels; }

  // Weights (kernel, kernel, channels, filters) times `scale`, as forward() reads them: panel by panel,
  // each (patch / kDepth, kPanel, kDepth).
  static void pack(const float* weights, float scale, Element* packed) {
    for (int panel = 0; panel < filters; panel += kPanel)
      for (int k = 0; k < kernel * kSegment; k += kDepth)
        for (int v = 0; v < kPanel; v += kLanes, packed += kLanes * kDepth)
          Products::storeFactors(packed, [&](int d) { return scale * load(weights + (k + d) * filters + panel + v); });
  }

  // Weights as backwardInput() reads them: per place in the kernel, panel by panel of the input's channels,
  // each (filters / kDepth, kPanel, kDepth).
  static void packTransposed(const float* weights, Element* packed) {
    static_assert(channels % kPanel == 0, "panels must fit");
    for (int place = 0; place < kernel * kernel; place++)
      for (int panel = 0; panel < channels; panel += kPanel)
        for (int filter = 0; filter < filters; filter += kDepth)
          for (int v = 0; v < kPanel; v += kLanes, packed += kLanes * kDepth)
            Products::storeFactors(packed, [&](int d) {
              Vec column;
              for (int c = 0; c < kLanes; c++)
                column[c] = weights[(place * channels + panel + v + c) * filters + filter + d];
              return column;
            });
  }

  // out = relu(convolution + bias)
  // @param out of Element, or of float
  template <class Out>
  static void forward(const Element* in, const Element* packed, const float* bias, Out* out) {
    for (int panel = 0; panel < filters; panel += kPanel, packed += kernel * kSegment * kPanel)
      for (int y = 0; y < kOutput; y++)
        for (int x = 0; x < kOutput; x += pixels)
          forwardTile(in, packed, bias + panel, y, x, out + (y * kOutput + x) * filters + panel);
  }

  // Elements of room for backwardWeights(); none where kDepth is 1.
  static constexpr int kPixelPairs = (kOutput * kOutput + 1) / 2;
  static constexpr int kPairRoom = kDepth == 1 ? 0 : 2 * kPixelPairs * (filters + kSegment);

  // Adds to the weights' gradient (kernel, kernel, channels, filters). @param dOut gradient of the output before relu
  static void backwardWeights(const Element* in, const Element* dOut, float* dWeights, Element* room) {
    constexpr int kRows = kRegisters == 32 ? 8 : 4;
    Element* const inPairs = room + 2 * kPixelPairs * filters;
    if constexpr (kDepth == 2) pairPixels<filters>(room, [&](int pixel) { return dOut + pixel * filters; });
    for (int ky = 0; ky < kernel; ky++) {
      if constexpr (kDepth == 2)
        pairPixels<kSegment>(inPairs, [&](int pixel) { return in + patchRow(pixel / kOutput, pixel % kOutput, ky); });
      for (int panel = 0; panel < filters; panel += kPanel)
        for (int i = 0; i < kSegment; i += kRows) {
          float* const to = dWeights + (ky * kSegment + i) * filters + panel;
          if constexpr (kDepth == 2) pairedWeightsTile<kRows>(inPairs + 2 * i, room + 2 * panel, to);
          else weightsTile<kRows>(in + patchRow(0, 0, ky) + i, dOut + panel, to);
        }
    }
  }

  // Gradient of the input. @param dOut gradient of the output before relu
  static void backwardInput(const Element* dOut, const Element* packed, float* dIn) {
    static_assert(channels % kPanel == 0, "panels must fit");
    for (int i = 0; i < kInputSize; i++) dIn[i] = 0;
    for (int ky = 0; ky < kernel; ky++)
      for (int kx = 0; kx < kernel; kx++)
        for (int panel = 0; panel < channels; panel += kPanel, packed += filters * kPanel)
          for (int y = 0; y < kOutput; y++)
            for (int x = 0; x < kOutput; x += pixels)
              inputTile(dOut + (y * kOutput + x) * filters, packed, dIn + patchRow(y, x, ky) + kx * channels + panel);
  }

  // dOut, but 0 where the output is 0; adds its sum over pixels to the bias' gradient.
  // @param out of Element, or of float
  template <class Out>
  static void backwardRelu(const Out* out, const float* dOut, Element* result, float* dBias) {
    for (int filter = 0; filter < filters; filter += kLanes) {
      Vec sum = load(dBias + filter);
      for (int i = filter; i < kOutputSize; i += filters) {
        const Vec gradient = loadNumbers(out + i) <= 0.0f ? Vec{} : load(dOut + i);  // NaN stays
        sum += gradient;
        Products::storeElements(result + i, gradient);
      }
      store(dBias + filter, sum);
    }
  }

 private:
  static inline Vec loadNumbers(const float* p) { return load(p); }
  static inline Vec loadNumbers(const Bfloat16* p) { return loadRounded(p); }
  static inline void storeNumbers(float* p, Vec v) { store(p, v); }
  static inline void storeNumbers(Bfloat16* p, Vec v) { storeRounded(p, v); }

  // Factors of two pixels that follow each other in the sum, as pairs; the last may lack a second, which is then 0.
  // @param row(pixel) `size` elements
  template <int size, class Row>
  static void pairPixels(Element* pairs, const Row& row) {
    for (int pixel = 0; pixel < kOutput * kOutput; pixel += 2)
      for (int i = 0; i < size; i += kLanes, pairs += 2 * kLanes)
        storePairs(pairs, pixel + 1 < kOutput * kOutput ? interleave(row(pixel) + i, row(pixel + 1) + i)
                                                        : reinterpret_cast<Pairs>(loadRounded(row(pixel) + i)) >> 16);
  }

  template <class Out>
  static void forwardTile(const Element* in, const Element* w, const float* bias, int y, int x, Out* out) {
    Vec sums[pixels][2];
    for (int p = 0; p < pixels; p++)
      for (int v = 0; v < 2; v++) sums[p][v] = load(bias + v * kLanes);
    for (int ky = 0; ky < kernel; ky++) {
      const Element* row = in + patchRow(y, x, ky);
      for (int i = 0; i < kSegment; i += kDepth, w += kPanel * kDepth)
        accumulate<pixels, stride * channels>(sums, row + i, w);
    }
    for (int p = 0; p < pixels; p++)
      for (int v = 0; v < 2; v++)
        storeNumbers(out + p * filters + v * kLanes, sums[p][v] <= 0.0f ? Vec{} : sums[p][v]);  // NaN stays
  }

  template <int rows>
  static void weightsTile(const Element* in, const Element* dOut, float* dWeights) {
    Vec sums[rows][2];
    for (int r = 0; r < rows; r++)
      for (int v = 0; v < 2; v++) sums[r][v] = load(dWeights + r * filters + v * kLanes);
    for (int y = 0; y < kOutput; y++)
      for (int x = 0; x < kOutput; x++, dOut += filters) accumulate<rows, 1>(sums, in + patchRow(y, x, 0), dOut);
    for (int r = 0; r < rows; r++)
      for (int v = 0; v < 2; v++) store(dWeights + r * filters + v * kLanes, sums[r][v]);
  }

  // The same of pairs of pixels.
  template <int rows>
  static void pairedWeightsTile(const Element* in, const Element* dOut, float* dWeights) {
    Vec sums[rows][2];
    for (int r = 0; r < rows; r++)
      for (int v = 0; v < 2; v++) sums[r][v] = load(dWeights + r * filters + v * kLanes);
    for (int pair = 0; pair < kPixelPairs; pair++, in += 2 * kSegment, dOut += 2 * filters)
      accumulate<rows, 2>(sums, in, dOut);
    for (int r = 0; r < rows; r++)
      for (int v = 0; v < 2; v++) store(dWeights + r * filters + v * kLanes, sums[r][v]);
  }

  static void inputTile(const Element* dOut, const Element* w, float* dIn) {
    Vec sums[pixels][2];
    for (int p = 0; p < pixels; p++)
      for (int v = 0; v < 2; v++) sums[p][v] = load(dIn + p * stride * channels + v * kLanes);
    for (int filter = 0; filter < filters; filter += kDepth, w += kPanel * kDepth)
      accumulate<pixels, filters>(sums, dOut + filter, w);
    for (int p = 0; p < pixels; p++)
      for (int v = 0; v < 2; v++) store(dIn + p * stride * channels + v * kLanes, sums[p][v]);
  }

  // sums[r] += elements[r * distance] times a panel's width of factors
  template <int rows, int distance>
  static inline __attribute__((always_inline)) void accumulate(Vec (&sums)[rows][2], const Element* elements,
                                                               const Element* factors) {
    const typename Products::Factors left = Products::loadFactors(factors),
                                     right = Products::loadFactors(factors + kLanes * kDepth);
#pragma GCC unroll 16
    for (int r = 0; r < rows; r++) {
      const typename Products::Factors element = Products::broadcastFactors(elements + r * distance);
      sums[r][0] = Products::add(sums[r][0], element, left);
      sums[r][1] = Products::add(sums[r][1], element, right);
    }
  }
};

}  // namespace ISA
}  // namespace rim_agents
