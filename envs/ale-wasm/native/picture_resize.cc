// SPDX-License-Identifier: GPL-2.0-only
#include "picture_resize.h"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <cstring>

namespace {

bool is_whole(double scale) { return std::abs(scale - std::nearbyint(scale)) < DBL_EPSILON; }

/** Half goes to even. */
uint8_t rounded(float mean) { return static_cast<uint8_t>(std::nearbyint(mean)); }

}  // namespace

void PictureResize::prepare(int sourceHeight, int sourceWidth, int height, int width, int channels) {
  sourceHeight_ = sourceHeight;
  sourceWidth_ = sourceWidth;
  height_ = height;
  width_ = width;
  channels_ = channels;
  blocks_ = is_whole(area_scale(sourceHeight, height)) && is_whole(area_scale(sourceWidth, width));
  rows_ = area_parts(sourceHeight, height);
  columns_ = area_parts(sourceWidth, width);
  means_.resize(width * channels);
  sums_.resize(width * channels);
}

void PictureResize::run(const uint8_t* source, uint8_t* target) {
  if (sourceHeight_ == height_ && sourceWidth_ == width_) {
    std::memcpy(target, source, static_cast<size_t>(height_) * width_ * channels_);
  } else if (blocks_) {
    meanOfBlocks(source, target);
  } else {
    meanOfAreas(source, target);
  }
}

/** OpenCV sums whole pixels as integers. Of 2x2 it rounds a half up; of all other blocks to even. */
void PictureResize::meanOfBlocks(const uint8_t* source, uint8_t* target) const {
  const int tall = sourceHeight_ / height_, wide = sourceWidth_ / width_;
  const bool halfUp = tall == 2 && wide == 2;
  const float share = 1.0f / (tall * wide);
  for (int y = 0; y < height_; ++y) {
    for (int x = 0; x < width_; ++x) {
      for (int channel = 0; channel < channels_; ++channel) {
        int sum = 0;
        for (int dy = 0; dy < tall; ++dy) {
          const uint8_t* pixel = source + ((y * tall + dy) * sourceWidth_ + x * wide) * channels_ + channel;
          for (int dx = 0; dx < wide; ++dx) sum += pixel[dx * channels_];
        }
        *target++ = halfUp ? static_cast<uint8_t>((sum + 2) >> 2) : rounded(sum * share);
      }
    }
  }
}

void PictureResize::meanOfAreas(const uint8_t* source, uint8_t* target) {
  const size_t size = means_.size();
  const auto finish = [&](int row) { std::transform(sums_.begin(), sums_.end(), target + row * size, rounded); };
  int current = 0, measured = -1;
  std::fill(sums_.begin(), sums_.end(), 0.0f);
  for (const AreaPart& part : rows_) {
    if (part.source != measured) meansAlongRow(source + part.source * sourceWidth_ * channels_);
    measured = part.source;
    if (part.target != current) {
      finish(current);
      current = part.target;
      std::fill(sums_.begin(), sums_.end(), 0.0f);
    }
    for (size_t i = 0; i < size; ++i) sums_[i] += means_[i] * part.weight;
  }
  finish(current);
}

void PictureResize::meansAlongRow(const uint8_t* row) {
  std::fill(means_.begin(), means_.end(), 0.0f);
  for (const AreaPart& part : columns_) {
    for (int channel = 0; channel < channels_; ++channel) {
      means_[part.target * channels_ + channel] += row[part.source * channels_ + channel] * part.weight;
    }
  }
}
