// How recurrent cores divide their work.
#pragma once

#include "multiply.h"
#include "recurrent_core.h"

namespace rim_agents {
namespace ISA {

constexpr int kBlockRows = 64;      // rows of one item of the work that is done for many steps at once, at most
constexpr int kBlockColumns = 192;  // of gates of such an item, at most
constexpr int kBlockUnits = 64;     // units of one item of a step, at most

// Equal parts of [0, size), none longer than `most`.
struct Parts {
  int size, count;

  Parts(int size, int most) : size(size), count(divideUp(size, most)) {}

  int begin(int part) const { return static_cast<int>(int64_t{size} * part / count); }
  int end(int part) const { return begin(part + 1); }
  int length(int part) const { return end(part) - begin(part); }
};

// The same in whole vectors, but for the last of all, and an even number of parts: often there are two threads.
struct VectorParts {
  int size, vectors, count;

  // @param most floats of a part; a multiple of every vector's
  VectorParts(int size, int most) : size(size), vectors(divideUp(size, kLanes)), count(divideUp(size, most)) {
    if (count > 1) count += count % 2;
  }

  int begin(int part) const { return vectors * part / count * kLanes; }
  int end(int part) const { return part < count - 1 ? begin(part + 1) : size; }
  int length(int part) const { return end(part) - begin(part); }
};

// Units of one item of a step, at most. With many rows it is as wide as their tiles.
static inline int blockUnits(int batch) { return batch < kTallRows ? kBlockUnits : kBlockUnits / 4 * 3; }

// Pointers to `count` rows, `stride` apart.
template <class Float>
static inline void listRows(Float* first, int64_t stride, int count, Float** rows) {
  for (int i = 0; i < count; i++) rows[i] = first + i * stride;
}

}  // namespace ISA
}  // namespace rim_agents
