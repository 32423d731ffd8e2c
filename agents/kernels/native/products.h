// What matrix products are computed in, for *_core.cc files that are written once for both:
//   Element          a factor as it lies in memory
//   Factors, kDepth  a register full of factors; a lane holds kDepth that follow each other in the sum
//   loadFactors, broadcastFactors  a register full of factors in memory; kDepth elements, the same in every lane
//   add              sum + a b, over lanes and the depth of a lane
//   storeFactors     row(d), d < kDepth: vectors that follow each other in the sum
//   storeElements    rounds a vector to elements
//   storeOne, loadOne, rounded  the same for single numbers, which may be slow
#pragma once

#include "bfloat16.h"
#include "vector.h"

namespace rim_agents {
namespace ISA {

struct Float32Products {
  using Element = float;
  using Factors = Vec;
  static constexpr int kDepth = 1;

  static inline Factors loadFactors(const Element* p) { return load(p); }
  static inline Factors broadcastFactors(const Element* p) { return broadcast(*p); }
  static inline Vec add(Vec sum, Factors a, Factors b) { return sum + a * b; }
  template <class Row>
  static inline void storeFactors(Element* p, const Row& row) {
    store(p, row(0));
  }
  static inline void storeElements(Element* p, Vec v) { store(p, v); }
  static inline Vec loadElements(const Element* p) { return load(p); }
  static inline void storeOne(Element* p, float x) { *p = x; }
  static inline float loadOne(const Element* p) { return *p; }
  static inline float rounded(float x) { return x; }
};

struct Bfloat16Products {
  using Element = Bfloat16;
  using Factors = Pairs;
  static constexpr int kDepth = 2;

  static inline Factors loadFactors(const Element* p) { return loadPairs(p); }
  static inline Factors broadcastFactors(const Element* p) { return broadcastPair(p); }
  static inline Vec add(Vec sum, Factors a, Factors b) { return addProducts(sum, a, b); }
  template <class Row>
  static inline void storeFactors(Element* p, const Row& row) {
    storePairs(p, roundToPairs(row(0), row(1)));
  }
  static inline void storeElements(Element* p, Vec v) { storeRounded(p, v); }
  static inline Vec loadElements(const Element* p) { return loadRounded(p); }
  static inline void storeOne(Element* p, float x) { *p = roundOne(x); }
  static inline float loadOne(const Element* p) { return loadOneRounded(*p); }
  static inline float rounded(float x) { return loadOneRounded(roundOne(x)); }
};

// @returns f(products), an object of either kind
template <class Function>
static inline auto withProducts(bool bf16, const Function& f) {
  return bf16 ? f(Bfloat16Products()) : f(Float32Products());
}

}  // namespace ISA
}  // namespace rim_agents
