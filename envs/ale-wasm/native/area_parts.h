// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <vector>

/** What one source pixel gives to one target pixel, along one axis. */
struct AreaPart {
  int target, source;
  float weight;
};

/** Source pixels per target pixel along one axis, as OpenCV computes it. */
inline double area_scale(int sourceSize, int targetSize) {
  return 1.0 / (static_cast<double>(targetSize) / sourceSize);
}

/** The parts along one axis of a picture that shrinks, by target, then source. */
std::vector<AreaPart> area_parts(int sourceSize, int targetSize);
