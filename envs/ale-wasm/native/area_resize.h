// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <wasm_simd128.h>

#include <cstdint>

constexpr int sourceWidth = 160;
constexpr int targetSide = 84;

/**
 * Shrinks a gray picture of (height, 160) to (84, 84): every target pixel is the mean of the area it covers, weighted
 * in float32, accumulated along the row and then down the column, rounded half to even. Equal to OpenCV's INTER_AREA.
 */
class AreaResize {
 public:
  AreaResize();

  /** Prepares the weights for pictures of 85 to 312 rows. */
  void setHeight(int height);

  /** Begins a picture of (84, 84) bytes; its source rows then follow from top to bottom. */
  void begin(uint8_t* target);

  /** Takes the next source row: 160 bytes, with 16 more readable behind them. */
  void row(const uint8_t* source);

 private:
  static constexpr int groups = targetSide / 4;  // four target columns share a vector
  static constexpr int most = 3;                 // source pixels that a target pixel touches along a row: 160/84 < 2
  static constexpr int tallest = 312;

  struct Column {  // four neighbouring target columns
    int first;     // the source byte that they begin at; all they need lies within 16 bytes
    v128_t pick[most];    // which byte of these becomes the i-th pixel of each column
    v128_t weight[most];  // and its weight; 0 where a column touches fewer
  };
  struct Share {  // of one source row
    float first;  // weight in the target row that is being summed
    bool last;    // whether this row completes it
    float next;   // and its weight in the target row after that
  };

  void finishRow();

  Column columns_[groups];
  Share shares_[tallest];
  v128_t sums_[groups];
  uint8_t* target_ = nullptr;
  int row_ = 0;
};
