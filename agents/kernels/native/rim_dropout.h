// Dropout in a RIM (Srivastava et al. 2014, inverted: what is kept is scaled up), for rim_*_core.cc files. Which
// elements are dropped depends on seed, site and index alone: dropout.ts has the same numbers, and backward draws again
// what forward drew.
#pragma once

#include <cstdint>

#include "rim_core.h"
#include "vector.h"

namespace rim_agents {
namespace ISA {

// Elements are counted over rows r and modules j: of the read (r, j, Hi dv), of the attention between modules
// (r, head, j, n), of the output projection (r, j, m).
enum class DropoutSite { read, attention, output };

class Dropout {
 public:
  Dropout(const RimSizes& sizes, DropoutSite site)
      : isOn_(sizes.drops), before_(key(sizes.dropoutSeed, site, 1)), within_(key(sizes.dropoutSeed, site, 2)),
        threshold_(sizes.dropoutThreshold),
        kept_(static_cast<float>(1 / (1 - sizes.dropoutThreshold / 4294967296.0))) {}

  bool isOn() const { return isOn_; }

  // Of up to kLanes elements from `first` on, what they are multiplied by. Without dropout 1.
  Vec factors(int64_t first) const {
    if (!isOn_) return broadcast(1);
    UnsignedVec x = {};
    for (int i = 0; i < kLanes; i++) x[i] = i;
    x = mix(x + static_cast<uint32_t>(first) + before_, within_);
    return x < threshold_ ? Vec{} : broadcast(kept_);
  }

  // to = from times their factors
  void apply(int size, int64_t first, const float* from, float* to) const {
    forEachBlock(size,
                 [&](int i, int lanes) { storeBlock(to + i, loadBlock(from + i, lanes) * factors(first + i), lanes); });
  }

 private:
  template <class Unsigned>
  static inline Unsigned mix(Unsigned x, uint32_t within) {
    x ^= x >> 16;
    x *= 0x21f0aaadu;
    x ^= x >> 15;
    x = (x + within) * 0x735a2d97u;
    return x ^ x >> 15;
  }

  static uint32_t key(uint32_t seed, DropoutSite site, uint32_t i) {
    return mix(seed + (2 * static_cast<uint32_t>(site) + i) * 0x9e3779b9u, 0);
  }

  bool isOn_;
  uint32_t before_, within_, threshold_;
  float kept_;
};

}  // namespace ISA
}  // namespace rim_agents
