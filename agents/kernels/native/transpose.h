// Transposing in registers, for *_core.cc files.
#pragma once

#include "vector.h"

namespace rim_agents {
namespace ISA {

// Of rows a and b: a0 b0 a1 b1 ..., of their lower halves (half 0) or of their upper ones (1).
static inline Vec interleaveHalves(Vec a, Vec b, int half) {
  IntVec from = {};
  for (int i = 0; i < kLanes; i++) from[i] = half * (kLanes / 2) + i / 2 + i % 2 * kLanes;
#if defined(__clang__)
  Vec mixed = {};
  for (int i = 0; i < kLanes; i++) mixed[i] = from[i] < kLanes ? a[from[i]] : b[from[i] - kLanes];
  return mixed;
#else
  return __builtin_shuffle(a, b, from);
#endif
}

// Transposes a square of kLanes rows, by as many riffles of its two halves as double a row to all rows.
static inline void transpose(Vec (&rows)[kLanes]) {
#pragma GCC unroll 4
  for (int width = 1; width < kLanes; width *= 2) {
    Vec mixed[kLanes];
#pragma GCC unroll 16
    for (int i = 0; i < kLanes; i++) mixed[i] = interleaveHalves(rows[i / 2], rows[i / 2 + kLanes / 2], i % 2);
#pragma GCC unroll 16
    for (int i = 0; i < kLanes; i++) rows[i] = mixed[i];
  }
}

}  // namespace ISA
}  // namespace rim_agents
