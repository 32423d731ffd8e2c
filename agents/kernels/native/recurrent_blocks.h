// How recurrent cores divide their work.
#pragma once

#include "multiply.h"
#include "recurrent_core.h"

namespace rim_agents {
namespace ISA {

constexpr int kBlockRows = 32;   // rows of one item of the work that is done for all steps at once
constexpr int kBlockUnits = 64;  // units of one item of a step, at most

// Equal parts of [0, size), none longer than `most`.
struct Parts {
  int size, count;

  Parts(int size, int most) : size(size), count(divideUp(size, most)) {}

  int begin(int part) const { return static_cast<int>(int64_t{size} * part / count); }
  int end(int part) const { return begin(part + 1); }
  int length(int part) const { return end(part) - begin(part); }
};

// Pointers to `count` rows, `stride` apart.
template <class Float>
static inline void listRows(Float* first, int64_t stride, int count, Float** rows) {
  for (int i = 0; i < count; i++) rows[i] = first + i * stride;
}

}  // namespace ISA
}  // namespace rim_agents
