// Attention to the input and the competition for it, for rim_*_core.cc files.
#pragma once

#include "rim_core.h"
#include "vector.h"

namespace rim_agents {
namespace ISA {

// One head of a block of modules. @param attention logits of the first element, those of the next Hi n further;
// becomes the attention @returns the attention to null
static Vec attendHead(const RimSizes& s, float* attention, int lanes) {
  const int stride = s.inputHeads * s.modules;
  Vec most = {};
  for (int e = 0; e < s.elements; e++) {
    const Vec logit = loadBlock(attention + e * stride, lanes);
    most = logit > most ? logit : most;
  }
  const Vec toNull = exponential(-most);
  Vec total = toNull;
  for (int e = 0; e < s.elements; e++) {
    const Vec weight = exponential(loadBlock(attention + e * stride, lanes) - most);
    storeBlock(attention + e * stride, weight, lanes);
    total += weight;
  }
  for (int e = 0; e < s.elements; e++)
    storeBlock(attention + e * stride, loadBlock(attention + e * stride, lanes) / total, lanes);
  return toNull / total;
}

// 1 for the k modules that attend least to null, ties to the lowest index.
static void compete(const RimSizes& s, const float* nullAttention, float* active) {
  for (int j = 0; j < s.modules; j++) active[j] = 0;
  for (int chosen = 0; chosen < s.active; chosen++) {
    int best = -1;
    for (int j = 0; j < s.modules; j++)
      if (active[j] == 0 && (best < 0 || nullAttention[j] < nullAttention[best])) best = j;
    active[best] = 1;
  }
}

}  // namespace ISA
}  // namespace rim_agents
