// Hands out pieces of one block of floats, each beginning at a cache line; with a null block it only counts. Under
// AddressSanitizer (build.mjs --sanitize) what lies between two pieces must not be touched.
#pragma once

#include <cstdint>

#include "always_inline.h"

#if defined(RIM_AGENTS_SANITIZED)
#include <sanitizer/asan_interface.h>
#endif

namespace rim_agents {

class Scratch {
 public:
  RIM_AGENTS_INLINE explicit Scratch(float* base) : base_(base) {}

  RIM_AGENTS_INLINE float* take(int64_t size) {
    float* piece = base_ ? base_ + used_ : nullptr;
#if defined(RIM_AGENTS_SANITIZED)
    const int64_t room = size / 16 * 16 + 32;
    if (piece) ASAN_POISON_MEMORY_REGION(piece + size, (room - size) * sizeof(float));
    used_ += room;
#else
    used_ += (size + 15) / 16 * 16;
#endif
    return piece;
  }

  RIM_AGENTS_INLINE int64_t used() const { return used_; }

 private:
  float* base_;
  int64_t used_ = 0;
};

}  // namespace rim_agents
