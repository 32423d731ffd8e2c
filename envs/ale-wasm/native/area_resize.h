// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>

constexpr int sourceWidth = 160;
constexpr int targetSide = 84;

/**
 * Shrinks a gray picture of (height, 160) to (84, 84): every target pixel is the mean of the area it covers, weighted in
 * float32, accumulated along the row and then down the column, rounded half to even. Equal to OpenCV's INTER_AREA.
 */
class AreaResize {
 public:
  /** Prepares the weights for a source height of at least 84 rows. */
  void setHeight(int height);

  /** Begins a picture; its rows then follow from top to bottom. */
  void begin(uint8_t* target);

  /** Takes the next source row: 160 bytes, with 16 more readable behind them. */
  void row(const uint8_t* source);

 private:
  static constexpr int groups = targetSide / 4;
  void emit(const float* sums);

  struct Share {  // of one source row in the target row it touches first, and in the next (0: none)
    int target;
    float first, second;
  };
  static constexpr int tallest = 312;
  Share shares_[tallest];
  float sums_[targetSide], next_[targetSide];
  uint8_t* target_ = nullptr;
  int row_ = 0;
};
