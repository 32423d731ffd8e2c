// Measures what this processor can compute at most: multiply-adds on numbers that stay in registers, in all threads at
// once. Compile with -O2 -march=native -pthread. Prints one line of JSON:
//   {"float32Gflops": 500.1, "bf16Gflops": 990.2, "threads": 2}
// A multiply-add counts as two operations. bf16Gflops is null where there is no instruction that multiplies bfloat16.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>
#include <vector>

#if defined(__AVX512BF16__)
#include <immintrin.h>
#endif

namespace {

#if defined(__AVX512F__)
constexpr int kLanes = 16;
#elif defined(__AVX__)
constexpr int kLanes = 8;
#else
constexpr int kLanes = 4;
#endif
typedef float Vec __attribute__((vector_size(4 * kLanes)));

// As many sums at once as hide the latency of one, and leave registers for the factors.
constexpr int kSums = 12;
constexpr int kRounds = 200000;
constexpr int kRepetitions = 40;  // of some milliseconds each; the best counts, because others may use the machine

struct Float32 {
  static constexpr double kOperations = 2.0 * kLanes;
  static inline Vec add(Vec sum, Vec a, Vec b) { return sum + a * b; }
};

#if defined(__AVX512BF16__)
struct Bfloat16 {
  static constexpr double kOperations = 4.0 * kLanes;
  static inline Vec add(Vec sum, Vec a, Vec b) {
    return reinterpret_cast<Vec>(
        _mm512_dpbf16_ps(reinterpret_cast<__m512>(sum), reinterpret_cast<__m512bh>(a), reinterpret_cast<__m512bh>(b)));
  }
};
#endif

// Keeps the compiler from knowing what a register holds, so that it computes every product anew.
#if defined(__x86_64__)
inline void forget(Vec& v) { asm volatile("" : "+v"(v)); }
#else
inline void forget(Vec& v) { asm volatile("" : "+w"(v)); }
#endif

template <class Products>
void multiplyAdd() {
  Vec sums[kSums] = {}, a = {}, b = {};
  for (int round = 0; round < kRounds; round++) {
#pragma GCC unroll 16
    for (int i = 0; i < kSums; i++) {
      forget(a);
      sums[i] = Products::add(sums[i], a, b);
    }
  }
  for (Vec& sum : sums) forget(sum);
}

// Operations per second of one thread, in 1e9.
template <class Products>
double measureOne() {
  double best = 0;
  for (int i = 0; i < kRepetitions; i++) {
    const auto begin = std::chrono::steady_clock::now();
    multiplyAdd<Products>();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    best = std::max(best, kRounds * kSums * Products::kOperations / seconds.count() / 1e9);
  }
  return best;
}

// All threads at once, each at its best.
template <class Products>
double measure(int threads) {
  std::vector<double> rates(threads);
  std::vector<std::thread> members;
  for (double& rate : rates) members.emplace_back([&rate] { rate = measureOne<Products>(); });
  for (std::thread& member : members) member.join();
  double total = 0;
  for (const double rate : rates) total += rate;
  return total;
}

}  // namespace

int main() {
  const int threads = std::max(1u, std::thread::hardware_concurrency());
  std::printf("{\"float32Gflops\": %.1f, ", measure<Float32>(threads));
#if defined(__AVX512BF16__)
  std::printf("\"bf16Gflops\": %.1f, ", measure<Bfloat16>(threads));
#else
  std::printf("\"bf16Gflops\": null, ");
#endif
  std::printf("\"threads\": %d}\n", threads);
}
