// One convolution without padding, on one sample, for *_core.cc files. Sizes are known to the compiler, so that an
// element's address is one register and a constant.
#pragma once

#include <cstdint>

#include "vector.h"

namespace rim_agents {
namespace ISA {

// Filters are computed two vectors at a time, and so many pixels of a row at once that accumulators fill the registers.
constexpr int kPanel = 2 * kLanes;

// @param pixels of one row of the output computed at once, a divisor of its length
template <int input, int channels, int kernel, int stride, int filters, int pixels>
struct Convolution {
  static constexpr int kFilters = filters;
  static constexpr int kOutput = (input - kernel) / stride + 1;
  static constexpr int kInputSize = input * input * channels;
  static constexpr int kOutputSize = kOutput * kOutput * filters;
  static constexpr int kSegment = kernel * channels;  // elements of one row of a patch, contiguous in the input
  static constexpr int kWeightSize = kernel * kSegment * filters;
  static_assert(kOutput % pixels == 0 && filters % kPanel == 0 && kSegment % 8 == 0, "tiles must fit");

  // Element of the input where the patch of output (y, x) has its row `ky`.
  static constexpr int patchRow(int y, int x, int ky) { return ((y * stride + ky) * input + x * stride) * channels; }

  // Weights (kernel, kernel, channels, filters) times `scale`, as forward() reads them: panel by panel,
  // each (patch, kPanel).
  static void pack(const float* weights, float scale, float* packed) {
    for (int panel = 0; panel < filters; panel += kPanel)
      for (int k = 0; k < kernel * kSegment; k++, packed += kPanel)
        for (int v = 0; v < kPanel; v += kLanes) store(packed + v, scale * load(weights + k * filters + panel + v));
  }

  // Weights as backwardInput() reads them: per place in the kernel, panel by panel of the input's channels,
  // each (filters, kPanel).
  static void packTransposed(const float* weights, float* packed) {
    static_assert(channels % kPanel == 0, "panels must fit");
    for (int place = 0; place < kernel * kernel; place++)
      for (int panel = 0; panel < channels; panel += kPanel)
        for (int filter = 0; filter < filters; filter++, packed += kPanel)
          for (int c = 0; c < kPanel; c++) packed[c] = weights[(place * channels + panel + c) * filters + filter];
  }

  // out = relu(convolution + bias)
  static void forward(const float* in, const float* packed, const float* bias, float* out) {
    for (int panel = 0; panel < filters; panel += kPanel, packed += kernel * kSegment * kPanel)
      for (int y = 0; y < kOutput; y++)
        for (int x = 0; x < kOutput; x += pixels)
          forwardTile(in, packed, bias + panel, y, x, out + (y * kOutput + x) * filters + panel);
  }

  // Adds to the weights' gradient (kernel, kernel, channels, filters). @param dOut gradient of the output before relu
  static void backwardWeights(const float* in, const float* dOut, float* dWeights) {
    constexpr int kRows = kRegisters == 32 ? 8 : 4;
    for (int panel = 0; panel < filters; panel += kPanel)
      for (int ky = 0; ky < kernel; ky++)
        for (int i = 0; i < kSegment; i += kRows)
          weightsTile<kRows>(in + patchRow(0, 0, ky) + i, dOut + panel,
                             dWeights + (ky * kSegment + i) * filters + panel);
  }

  // Gradient of the input. @param dOut gradient of the output before relu
  static void backwardInput(const float* dOut, const float* packed, float* dIn) {
    static_assert(channels % kPanel == 0, "panels must fit");
    for (int i = 0; i < kInputSize; i++) dIn[i] = 0;
    for (int ky = 0; ky < kernel; ky++)
      for (int kx = 0; kx < kernel; kx++)
        for (int panel = 0; panel < channels; panel += kPanel, packed += filters * kPanel)
          for (int y = 0; y < kOutput; y++)
            for (int x = 0; x < kOutput; x += pixels)
              inputTile(dOut + (y * kOutput + x) * filters, packed, dIn + patchRow(y, x, ky) + kx * channels + panel);
  }

  // dOut, but 0 where the output is 0; adds its sum over pixels to the bias' gradient. In and out may be the same.
  static void backwardRelu(const float* out, const float* dOut, float* result, float* dBias) {
    for (int filter = 0; filter < filters; filter += kLanes) {
      Vec sum = load(dBias + filter);
      for (int i = filter; i < kOutputSize; i += filters) {
        const Vec gradient = load(out + i) <= 0.0f ? Vec{} : load(dOut + i);  // NaN stays
        sum += gradient;
        store(result + i, gradient);
      }
      store(dBias + filter, sum);
    }
  }

 private:
  static void forwardTile(const float* in, const float* w, const float* bias, int y, int x, float* out) {
    Vec sums[pixels][2];
    for (int p = 0; p < pixels; p++)
      for (int v = 0; v < 2; v++) sums[p][v] = load(bias + v * kLanes);
    for (int ky = 0; ky < kernel; ky++) {
      const float* row = in + patchRow(y, x, ky);
      for (int i = 0; i < kSegment; i++, w += kPanel)
        accumulate<pixels, stride * channels>(sums, row + i, load(w), load(w + kLanes));
    }
    for (int p = 0; p < pixels; p++)
      for (int v = 0; v < 2; v++)
        store(out + p * filters + v * kLanes, sums[p][v] <= 0.0f ? Vec{} : sums[p][v]);  // NaN stays
  }

  template <int rows>
  static void weightsTile(const float* in, const float* dOut, float* dWeights) {
    Vec sums[rows][2];
    for (int r = 0; r < rows; r++)
      for (int v = 0; v < 2; v++) sums[r][v] = load(dWeights + r * filters + v * kLanes);
    for (int y = 0; y < kOutput; y++)
      for (int x = 0; x < kOutput; x++, dOut += filters)
        accumulate<rows, 1>(sums, in + patchRow(y, x, 0), load(dOut), load(dOut + kLanes));
    for (int r = 0; r < rows; r++)
      for (int v = 0; v < 2; v++) store(dWeights + r * filters + v * kLanes, sums[r][v]);
  }

  static void inputTile(const float* dOut, const float* w, float* dIn) {
    Vec sums[pixels][2];
    for (int p = 0; p < pixels; p++)
      for (int v = 0; v < 2; v++) sums[p][v] = load(dIn + p * stride * channels + v * kLanes);
    for (int filter = 0; filter < filters; filter++, w += kPanel)
      accumulate<pixels, filters>(sums, dOut + filter, load(w), load(w + kLanes));
    for (int p = 0; p < pixels; p++)
      for (int v = 0; v < 2; v++) store(dIn + p * stride * channels + v * kLanes, sums[p][v]);
  }

  // sums[r] += elements[r * distance] (left, right)
  template <int rows, int distance>
  static inline __attribute__((always_inline)) void accumulate(Vec (&sums)[rows][2], const float* elements, Vec left,
                                                               Vec right) {
#pragma GCC unroll 16
    for (int r = 0; r < rows; r++) {
      const Vec element = broadcast(elements[r * distance]);
      sums[r][0] += element * left;
      sums[r][1] += element * right;
    }
  }
};

}  // namespace ISA
}  // namespace rim_agents
