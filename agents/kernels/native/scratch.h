// Hands out pieces of one block of floats, each beginning at a cache line; with a null block it only counts.
#pragma once

#include <cstdint>

#include "always_inline.h"

namespace rim_agents {

class Scratch {
 public:
  RIM_AGENTS_INLINE explicit Scratch(float* base) : base_(base) {}

  RIM_AGENTS_INLINE float* take(int64_t size) {
    float* piece = base_ ? base_ + used_ : nullptr;
    used_ += (size + 15) / 16 * 16;
    return piece;
  }

  RIM_AGENTS_INLINE int64_t used() const { return used_; }

 private:
  float* base_;
  int64_t used_ = 0;
};

}  // namespace rim_agents
