// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <vector>

#include "area_parts.h"

/**
 * Shrinks pictures of interleaved bytes to any size that is in neither direction larger: the mean of the area that a
 * target pixel covers, equal to OpenCV's INTER_AREA. Not fast: 84x84 gray has AreaResize.
 */
class PictureResize {
 public:
  /** Prepares for pictures of (sourceHeight, sourceWidth, channels) that become (height, width, channels). */
  void prepare(int sourceHeight, int sourceWidth, int height, int width, int channels);

  void run(const uint8_t* source, uint8_t* target);

 private:
  void meanOfBlocks(const uint8_t* source, uint8_t* target) const;
  void meanOfAreas(const uint8_t* source, uint8_t* target);
  void meansAlongRow(const uint8_t* row);

  int sourceHeight_ = 0, sourceWidth_ = 0, height_ = 0, width_ = 0, channels_ = 0;
  bool blocks_ = false;  // whole numbers of source pixels make a target pixel, in both directions
  std::vector<AreaPart> rows_, columns_;
  std::vector<float> means_, sums_;  // (width, channels): of one source row; of the target row that is being summed
};
