#include "adam_core.h"

#include "vector.h"

namespace rim_agents {
namespace ISA {

double sumOfSquares(const float* values, int64_t size) {
  constexpr int64_t kBlock = 1024;  // summed in float; the blocks in double
  double total = 0;
  for (int64_t i = 0; i < size; i += kBlock)
    total += dot(values + i, values + i, static_cast<int>(i + kBlock < size ? kBlock : size - i));
  return total;
}

static bool isAligned(const float* p) { return reinterpret_cast<uintptr_t>(p) % 64 == 0; }

void adamStep(const AdamSettings& settings, const AdamVectors& vectors, float scale, int64_t begin, int64_t end) {
  forEachBlock(static_cast<int>(end - begin), [&](int block, int lanes) {
    const int64_t i = begin + block;
    const auto get = [&](const float* p) { return loadBlock(p + i, lanes); };
    const auto put = [&](float* p, Vec value) { storeBlock(p + i, value, lanes); };
    // The moments are read again in the next step only, after far more than the caches hold.
    const auto putPast = [&](float* p, Vec value) {
      lanes == kLanes && isAligned(p + i) ? storePast(p + i, value) : put(p, value);
    };
    const Vec gradient = get(vectors.gradients) * scale;
    const Vec m = settings.beta1 * get(vectors.m) + settings.rest1 * gradient;
    const Vec v = settings.beta2 * get(vectors.v) + settings.rest2 * (gradient * gradient);
    putPast(vectors.newM, m);
    putPast(vectors.newV, v);
    const Vec deviation = squareRoot(v) / settings.deviationCorrection + settings.epsilon;
    put(vectors.newParameters, get(vectors.parameters) - settings.stepSize * m / deviation);
  });
  afterStoresPast();
}

}  // namespace ISA
}  // namespace rim_agents
