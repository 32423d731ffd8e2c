// One processor register full of floats, of the width of the instruction set that the including *_core.cc is compiled
// for. Only for those files: everything here is static, so that no code of a wide instruction set can stand in for that
// of a narrow one when the objects are linked.
#pragma once

#include <cstdint>
#include <cstring>

#if defined(__AVX512F__)
#include <immintrin.h>
#endif

namespace rim_agents {
namespace ISA {

#if defined(__AVX512F__)
constexpr int kLanes = 16;
constexpr int kRegisters = 32;
#elif defined(__AVX2__)
constexpr int kLanes = 8;
constexpr int kRegisters = 16;
#elif defined(__aarch64__)
constexpr int kLanes = 4;
constexpr int kRegisters = 32;
#else
constexpr int kLanes = 4;
constexpr int kRegisters = 16;
#endif

// Never wider than the machine's registers: GCC would keep wider ones in memory.
typedef float Vec __attribute__((vector_size(4 * kLanes), aligned(4), may_alias));
typedef int IntVec __attribute__((vector_size(4 * kLanes), aligned(4), may_alias));

typedef uint32_t UnsignedVec __attribute__((vector_size(4 * kLanes), aligned(4), may_alias));

static inline Vec load(const float* p) { return *reinterpret_cast<const Vec*>(p); }
static inline void store(float* p, Vec v) { *reinterpret_cast<Vec*>(p) = v; }
static inline Vec broadcast(float x) { return x - Vec{}; }  // + would make 0 of -0, by an addition

// Stores past the caches what will not be read soon, where there is an instruction for it. @param p aligned to
// 64 bytes. Call afterStoresPast() before another thread may read it.
#if defined(__AVX512F__)
static inline void storePast(float* p, Vec v) { _mm512_stream_ps(p, reinterpret_cast<__m512>(v)); }
static inline void afterStoresPast() { _mm_sfence(); }
#else
static inline void storePast(float* p, Vec v) { store(p, v); }
static inline void afterStoresPast() {}
#endif

// The first `lanes` of a vector, the rest zero; nothing beyond them is read or written. (AddressSanitizer does not see
// what masked instructions read.)
#if defined(__AVX512F__) && !defined(RIM_AGENTS_SANITIZED)
static inline __mmask16 firstLanes(int lanes) { return static_cast<__mmask16>((1u << lanes) - 1); }
static inline Vec loadPart(const float* p, int lanes) {
  return reinterpret_cast<Vec>(_mm512_maskz_loadu_ps(firstLanes(lanes), p));
}
static inline void storePart(float* p, Vec v, int lanes) {
  _mm512_mask_storeu_ps(p, firstLanes(lanes), reinterpret_cast<__m512>(v));
}
#else
static inline Vec loadPart(const float* p, int lanes) {
  Vec v = {};
  for (int i = 0; i < lanes; i++) v[i] = p[i];
  return v;
}
static inline void storePart(float* p, Vec v, int lanes) {
  for (int i = 0; i < lanes; i++) p[i] = v[i];
}
#endif

static inline float squareRoot(float x) { return __builtin_sqrtf(x); }
static inline Vec squareRoot(Vec x) {
  for (int i = 0; i < kLanes; i++) x[i] = squareRoot(x[i]);
  return x;
}

static inline float sum(Vec v) {
  float lanes[kLanes];
  store(lanes, v);
  for (int half = kLanes / 2; half > 0; half /= 2)
    for (int i = 0; i < half; i++) lanes[i] += lanes[i + half];
  return lanes[0];
}

// e^x to about 1e-7 of its size, by reduction to |r| < ln(2) / 2 and a polynomial (coefficients of Moshier's Cephes,
// expf).
static inline Vec exponential(Vec x) {
  x = x > 88.0f ? broadcast(88.0f) : x;
  x = x < -87.0f ? broadcast(-87.0f) : x;
  const Vec scaled = x * 1.44269504f;
  const IntVec exponent =
      __builtin_convertvector(scaled + (scaled > 0.0f ? broadcast(0.5f) : broadcast(-0.5f)), IntVec);
  const Vec whole = __builtin_convertvector(exponent, Vec);
  const Vec r = x - whole * 0.693359375f + whole * 2.12194440e-4f;
  Vec p = broadcast(1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  return p * reinterpret_cast<Vec>((exponent + 127) << 23);
}

static inline Vec sigmoid(Vec x) { return 1.0f / (1.0f + exponential(-x)); }
// To about 1e-7 absolutely. Near zero, where the result is the small difference of two numbers near 1, that is
// relatively much.
static inline Vec hyperbolicTangent(Vec x) { return 2.0f / (1.0f + exponential(-2.0f * x)) - 1.0f; }

// Calls f(i, lanes) for blocks of up to kLanes elements that cover [0, size).
template <class Function>
static inline void forEachBlock(int size, const Function& f) {
  int i = 0;
  for (; i + kLanes <= size; i += kLanes) f(i, kLanes);
  if (i < size) f(i, size - i);
}

static inline Vec loadBlock(const float* p, int lanes) { return lanes == kLanes ? load(p) : loadPart(p, lanes); }
static inline void storeBlock(float* p, Vec v, int lanes) {
  if (lanes == kLanes) store(p, v);
  else storePart(p, v, lanes);
}

// Up to kLanes floats at `p`, of which `left` belong to the row; 0 beyond.
static inline Vec loadWithin(const float* p, int left) {
  return left >= kLanes ? load(p) : left > 0 ? loadPart(p, left) : Vec{};
}
static inline void storeWithin(float* p, Vec v, int left) {
  if (left >= kLanes) store(p, v);
  else if (left > 0) storePart(p, v, left);
}

static inline float dot(const float* a, const float* b, int size) {
  Vec total = {};
  forEachBlock(size, [&](int i, int lanes) { total += loadBlock(a + i, lanes) * loadBlock(b + i, lanes); });
  return sum(total);
}

// y += scale x
static inline void addScaled(int size, float* y, float scale, const float* x) {
  forEachBlock(size, [&](int i, int lanes) {
    storeBlock(y + i, loadBlock(y + i, lanes) + scale * loadBlock(x + i, lanes), lanes);
  });
}

}  // namespace ISA
}  // namespace rim_agents
