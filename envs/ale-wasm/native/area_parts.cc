// SPDX-License-Identifier: GPL-2.0-only
#include "area_parts.h"

#include <algorithm>
#include <cmath>

/* OpenCV's computeResizeAreaTab, with its doubles and its cut at 1e-3. */
std::vector<AreaPart> area_parts(int sourceSize, int targetSize) {
  std::vector<AreaPart> parts;
  const double scale = area_scale(sourceSize, targetSize);
  for (int target = 0; target < targetSize; ++target) {
    const double from = target * scale, to = from + scale;
    const double width = std::min(scale, sourceSize - from);
    const int end = std::min(static_cast<int>(std::floor(to)), sourceSize - 1);
    const int begin = std::min(static_cast<int>(std::ceil(from)), end);
    if (begin - from > 1e-3) parts.push_back({target, begin - 1, static_cast<float>((begin - from) / width)});
    for (int source = begin; source < end; ++source) parts.push_back({target, source, static_cast<float>(1.0 / width)});
    if (to - end > 1e-3) {
      parts.push_back({target, end, static_cast<float>(std::min(std::min(to - end, 1.0), width) / width)});
    }
  }
  return parts;
}
