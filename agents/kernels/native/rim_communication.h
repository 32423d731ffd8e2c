// What an active module hears from all modules, row by row, forward and back, for rim_*_core.cc files.
#pragma once

#include <cmath>

#include "rim_dropout.h"
#include "vector.h"

namespace rim_agents {
namespace ISA {

class Communication {
 public:
  Communication(const RimSizes& sizes, const RimWeights<const float>& weights, const RimTape& tape)
      : s(sizes), weights(weights), tape(tape), attentionDropout(sizes, DropoutSite::attention),
        outputDropout(sizes, DropoutSite::output) {}

  // One head of module j: attention (n) over all modules, and the mean of their values (commValue) that it gives,
  // without what dropout takes. @param projections of the row, (n, q | k | v)
  void attend(int64_t r, const float* projections, int head, int j, float* attention, float* message) const {
    const int width = s.projection();
    const float* query = projections + int64_t{j} * width + head * s.commKey;
    const float* keys = projections + s.query() + head * s.commKey;
    const float* values = projections + 2 * s.query() + head * s.commValue;
    float most = -INFINITY;
    for (int i = 0; i < s.modules; i++) {
      attention[i] = keyScale() * dot(query, keys + int64_t{i} * width, s.commKey);
      most = attention[i] > most ? attention[i] : most;
    }
    forEachBlock(s.modules, [&](int i, int lanes) {
      storeBlock(attention + i, exponential(loadBlock(attention + i, lanes) - most), lanes);
    });
    float total = 0;
    for (int i = 0; i < s.modules; i++) total += attention[i];
    for (int i = 0; i < s.modules; i++) attention[i] /= total;
    float dropped[kMostModules];
    const float* shares = keptShares(entry(r, head, j), attention, dropped);
    forEachBlock(s.commValue, [&](int v, int lanes) {
      Vec mean = {};
      for (int i = 0; i < s.modules; i++) mean += shares[i] * loadBlock(values + int64_t{i} * width + v, lanes);
      storeBlock(message + v, mean, lanes);
    });
  }

  // Back from what the head gave to all queries, keys and values of row r, where it adds. With a tape of all rows.
  // @param dMessage (commValue) @param gradients of the row's projections, (n, q | k | v)
  void attendBackward(int64_t r, int head, int j, const float* dMessage, float* gradients) const {
    const int width = s.projection();
    const int toKey = s.query() + head * s.commKey, toValue = 2 * s.query() + head * s.commValue;
    const float* attention = tape.commAttention + entry(r, head, j);
    const float* projections = tape.projections + r * s.modules * width;
    const float* query = projections + int64_t{j} * width + head * s.commKey;
    float* dQuery = gradients + int64_t{j} * width + head * s.commKey;
    float dAttention[kMostModules], dropped[kMostModules], mean = 0;
    for (int i = 0; i < s.modules; i++)
      dAttention[i] = dot(dMessage, projections + int64_t{i} * width + toValue, s.commValue);
    const float* shares = keptShares(entry(r, head, j), attention, dropped);
    if (attentionDropout.isOn()) attentionDropout.apply(s.modules, entry(r, head, j), dAttention, dAttention);
    for (int i = 0; i < s.modules; i++) mean += attention[i] * dAttention[i];
    for (int i = 0; i < s.modules; i++) {
      const int64_t other = int64_t{i} * width;
      const float dLogit = keyScale() * attention[i] * (dAttention[i] - mean);
      addScaled(s.commValue, gradients + other + toValue, shares[i], dMessage);
      addScaled(s.commKey, dQuery, dLogit, projections + other + toKey);
      addScaled(s.commKey, gradients + other + toKey, dLogit, query);
    }
  }

  // h = source + sum + f. @param first where the module begins in (T, B, n, m), to draw what is dropped
  void addPlain(int64_t first, const float* source, const float* sum, float* h) const {
    forEachBlock(s.units, [&](int i, int lanes) {
      const Vec added = loadBlock(sum + i, lanes) + loadBlock(weights.commOutBias + i, lanes);
      storeBlock(h + i, loadBlock(source + i, lanes) + added * outputDropout.factors(first + i), lanes);
    });
  }

  // h = source + sigmoid(gate + g) tanh(sum + f); leaves the two factors in their places
  void addGated(int64_t first, const float* source, float* sum, float* gate, float* h) const {
    forEachBlock(s.units, [&](int i, int lanes) {
      const Vec added = loadBlock(sum + i, lanes) + loadBlock(weights.commOutBias + i, lanes);
      const Vec told = hyperbolicTangent(added * outputDropout.factors(first + i));
      const Vec opened = sigmoid(loadBlock(gate + i, lanes) + loadBlock(weights.commGateBias + i, lanes));
      storeBlock(sum + i, told, lanes);
      storeBlock(gate + i, opened, lanes);
      storeBlock(h + i, loadBlock(source + i, lanes) + opened * told, lanes);
    });
  }

  // Gradients of z F + f and, with a gate, of z G + g, (m) each. @param dAdded of what was added to the module
  void addBackward(int64_t first, const float* dAdded, float* dOut, float* dGate) const {
    if (!s.isGated) return outputDropout.apply(s.units, first, dAdded, dOut);
    forEachBlock(s.units, [&](int i, int lanes) {
      const Vec told = loadBlock(tape.told + first + i, lanes), gate = loadBlock(tape.gate + first + i, lanes);
      const Vec d = loadBlock(dAdded + i, lanes);
      const Vec dTold = d * gate * (1.0f - told * told);
      storeBlock(dOut + i, dTold * outputDropout.factors(first + i), lanes);
      storeBlock(dGate + i, d * told * gate * (1.0f - gate), lanes);
    });
  }

 private:
  // Where a head of module j begins in the attention of all rows.
  int64_t entry(int64_t r, int head, int j) const { return ((r * s.commHeads + head) * s.modules + j) * s.modules; }
  float keyScale() const { return 1 / squareRoot(static_cast<float>(s.commKey)); }

  // The attention without what dropout takes. @param room for it, (n)
  const float* keptShares(int64_t first, const float* attention, float* room) const {
    if (!attentionDropout.isOn()) return attention;
    attentionDropout.apply(s.modules, first, attention, room);
    return room;
  }

  const RimSizes s;
  const RimWeights<const float> weights;
  const RimTape tape;
  const Dropout attentionDropout, outputDropout;
};

}  // namespace ISA
}  // namespace rim_agents
