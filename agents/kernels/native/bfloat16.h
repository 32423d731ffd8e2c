// Products in bfloat16 (a float's upper 16 bits: its sign, its exponent and 7 bits of mantissa) with sums in float32,
// for *_core.cc files. A product of two such numbers is exact in float32, so only rounding to bfloat16 loses anything.
// Where the instruction set has no products of bfloat16, the same products are computed in float32. Numbers below
// 1.2e-38 (subnormal ones) count as 0 with `avx512bf16`.
#pragma once

#include <cstdint>
#include <cstring>

#include "vector.h"

namespace rim_agents {
namespace ISA {

typedef uint16_t Bfloat16;

// kLanes pairs of bfloat16. A pair lies in a 32-bit lane as in memory: the even one first, in the lower half.
typedef uint32_t Pairs __attribute__((vector_size(4 * kLanes), aligned(4), may_alias));

static inline Pairs loadPairs(const void* p) { return *static_cast<const Pairs*>(p); }
static inline void storePairs(void* p, Pairs pairs) { *static_cast<Pairs*>(p) = pairs; }

// The pair that begins at p in every lane.
static inline Pairs broadcastPair(const Bfloat16* p) {
  uint32_t pair;
  std::memcpy(&pair, p, sizeof pair);
  return Pairs{} + pair;
}

#if defined(__AVX512BF16__)

static inline Vec addProducts(Vec sum, Pairs a, Pairs b) {
  return reinterpret_cast<Vec>(
      _mm512_dpbf16_ps(reinterpret_cast<__m512>(sum), reinterpret_cast<__m512bh>(a), reinterpret_cast<__m512bh>(b)));
}

static inline Pairs roundToPairs(Vec even, Vec odd) {
  typedef uint16_t Halves __attribute__((vector_size(64)));
  const Halves interleaved = {0, 16, 1, 17, 2,  18, 3,  19, 4,  20, 5,  21, 6,  22, 7,  23,
                              8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31};
  const __m512bh evenThenOdd = _mm512_cvtne2ps_pbh(reinterpret_cast<__m512>(odd), reinterpret_cast<__m512>(even));
  return reinterpret_cast<Pairs>(
      _mm512_permutexvar_epi16(reinterpret_cast<__m512i>(interleaved), reinterpret_cast<__m512i>(evenThenOdd)));
}

// Rounds kLanes floats.
static inline void storeRounded(Bfloat16* p, Vec v) {
  const __m256bh rounded = _mm512_cvtneps_pbh(reinterpret_cast<__m512>(v));
  std::memcpy(p, &rounded, sizeof rounded);
}

#else

// sum + a.even * b.even + a.odd * b.odd
static inline Vec addProducts(Vec sum, Pairs a, Pairs b) {
  const uint32_t upper = 0xffff0000;
  sum += reinterpret_cast<Vec>(a & upper) * reinterpret_cast<Vec>(b & upper);
  return sum + reinterpret_cast<Vec>(a << 16) * reinterpret_cast<Vec>(b << 16);
}

// To the nearest bfloat16, of two that are as near to the even one; in the upper half of each lane, the lower is
// arbitrary.
static inline Pairs roundInPlace(Vec v) {
  const Pairs bits = reinterpret_cast<Pairs>(v);
  const Pairs rounded = bits + 0x7fff + (bits >> 16 & 1);
  return v == v ? rounded : bits | 0x00400000;  // NaN stays
}

// Pairs of rounded numbers.
static inline Pairs roundToPairs(Vec even, Vec odd) {
  return roundInPlace(even) >> 16 | (roundInPlace(odd) & uint32_t{0xffff0000});
}

static inline void storeRounded(Bfloat16* p, Vec v) {
  const Pairs rounded = roundInPlace(v) >> 16;
  for (int i = 0; i < kLanes; i++) p[i] = static_cast<Bfloat16>(rounded[i]);
}

#endif

// kLanes numbers that storeRounded stored.
static inline Vec loadRounded(const Bfloat16* p) {
#if defined(__AVX512F__)
  const __m512i bits = _mm512_cvtepu16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
  return reinterpret_cast<Vec>(_mm512_slli_epi32(bits, 16));
#else
  Pairs bits = {};
  for (int i = 0; i < kLanes; i++) bits[i] = uint32_t{p[i]} << 16;
  return reinterpret_cast<Vec>(bits);
#endif
}

// Rounds one float, as storeRounded does.
static inline Bfloat16 roundOne(float x) {
  Bfloat16 lanes[kLanes];
  storeRounded(lanes, broadcast(x));
  return lanes[0];
}

static inline float loadOneRounded(Bfloat16 x) {
  const uint32_t bits = uint32_t{x} << 16;
  float number;
  std::memcpy(&number, &bits, sizeof number);
  return number;
}

// Pairs of kLanes even numbers and kLanes odd ones.
static inline Pairs interleave(const Bfloat16* even, const Bfloat16* odd) {
  return reinterpret_cast<Pairs>(loadRounded(even)) >> 16 | reinterpret_cast<Pairs>(loadRounded(odd));
}

static inline Pairs broadcastPair(float even, float odd) { return roundToPairs(broadcast(even), broadcast(odd)); }

}  // namespace ISA
}  // namespace rim_agents
