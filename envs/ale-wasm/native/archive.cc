// SPDX-License-Identifier: GPL-2.0-only
#include "archive.h"

namespace {

constexpr size_t rowBytes = 160;

/** What a pixel is likely to be. Above the first row there is black. */
uint8_t likely(const uint8_t* pixels, const uint8_t* other, size_t i) {
  if (other) return other[i];
  return i < rowBytes ? 0 : pixels[i - rowBytes];
}

}  // namespace

void Archive::writeCount(size_t count) {
  for (; count >= 0x80; count >>= 7) out_->push_back(static_cast<uint8_t>(count | 0x80));
  out_->push_back(static_cast<uint8_t>(count));
}

size_t Archive::readCount(const char* name) {
  size_t count = 0;
  for (int shift = 0; shift < 28; shift += 7) {
    uint8_t byte = 0;
    bytes(name, &byte, 1, true);
    count |= static_cast<size_t>(byte & 0x7f) << shift;
    if (!(byte & 0x80)) return count;
  }
  require(false, name);
  return 0;
}

void Archive::picture(const char* name, uint8_t* pixels, size_t length, const uint8_t* other) {
  // Alternately: how many pixels are as likely; how many are not, and these.
  for (size_t i = 0; i < length && !wrong_;) {
    size_t same = 0, others = 0;
    if (use_ == Save) {
      while (i + same < length && pixels[i + same] == likely(pixels, other, i + same)) ++same;
      const size_t first = i + same;
      while (first + others < length && pixels[first + others] != likely(pixels, other, first + others)) ++others;
      writeCount(same);
      writeCount(others);
    } else {
      same = readCount(name);
      others = readCount(name);
      require(same <= length - i && others <= length - i - same && same + others > 0, name);
      if (wrong_) return;
      if (loading()) {
        for (size_t j = i; j < i + same; ++j) pixels[j] = likely(pixels, other, j);
      }
    }
    bytes(name, pixels + i + same, others, loading());
    i += same + others;
  }
}
