// One step of one module's dynamics, for rim_*_core.cc files: m units of an LSTM (gates i, f, g, o) or of a GRU (gates
// r, z, n, the reset gate applied after the hidden product), and their gradients.
#pragma once

#include <cstdint>

#include "vector.h"

namespace rim_agents {
namespace ISA {

// What a module's gates take from the input: the sum over reads of attention times inputGates (rim_core.h), and a bias.
struct InputShare {
  const float* gates;  // of the first read; `stride` to the next
  const float* attention;
  int64_t stride, attentionStride;
  int reads;
  const float* bias;

  // From gate entry k on.
  Vec at(int k, int lanes) const {
    Vec sum = loadBlock(bias + k, lanes);
    for (int p = 0; p < reads; p++)
      sum += attention[p * attentionStride] * loadBlock(gates + p * stride + k, lanes);
    return sum;
  }
};

// @param gates the hidden product (4 m); becomes the gates @param h gets the next state
// @param c gets the next cell; null where nothing may see it @param tanhC gets tanh of it
static inline void lstmForward(int m, const InputShare& input, const float* cBefore, float* gates, float* tanhC,
                               float* h, float* c) {
  forEachBlock(m, [&](int i, int lanes) {
    const auto sum = [&](int gate) { return loadBlock(gates + gate * m + i, lanes) + input.at(gate * m + i, lanes); };
    const Vec in = sigmoid(sum(0)), forget = sigmoid(sum(1));
    const Vec cell = hyperbolicTangent(sum(2)), output = sigmoid(sum(3));
    const Vec next = forget * loadBlock(cBefore + i, lanes) + in * cell;
    const Vec squashed = hyperbolicTangent(next);
    if (c) storeBlock(c + i, next, lanes);
    storeBlock(tanhC + i, squashed, lanes);
    storeBlock(h + i, output * squashed, lanes);
    storeBlock(gates + i, in, lanes);
    storeBlock(gates + m + i, forget, lanes);
    storeBlock(gates + 2 * m + i, cell, lanes);
    storeBlock(gates + 3 * m + i, output, lanes);
  });
}

// @param gates the hidden product (3 m); becomes the gates @param hiddenBias its bias
// @param hiddenLast gets the hidden product and bias of gate n, before the reset @param h gets the next state
static inline void gruForward(int m, const InputShare& input, const float* hiddenBias, const float* before,
                              float* gates, float* hiddenLast, float* h) {
  forEachBlock(m, [&](int i, int lanes) {
    const auto hidden = [&](int gate) {
      return loadBlock(gates + gate * m + i, lanes) + loadBlock(hiddenBias + gate * m + i, lanes);
    };
    const Vec reset = sigmoid(input.at(i, lanes) + hidden(0));
    const Vec update = sigmoid(input.at(m + i, lanes) + hidden(1));
    const Vec last = hidden(2);
    const Vec fresh = hyperbolicTangent(input.at(2 * m + i, lanes) + reset * last);
    storeBlock(hiddenLast + i, last, lanes);
    storeBlock(h + i, fresh + update * (loadBlock(before + i, lanes) - fresh), lanes);
    storeBlock(gates + i, reset, lanes);
    storeBlock(gates + m + i, update, lanes);
    storeBlock(gates + 2 * m + i, fresh, lanes);
  });
}

// @param dNew gradient of the next state, in two parts of which the first becomes the gradient that reaches the state
//   before other than through the gates @param dCell gradient of the next cell; becomes that of the cell before
// @param dGates gets the gradient of the gates before their nonlinearity
static inline void lstmBackward(int m, const float* gates, const float* tanhC, const float* cBefore, float* dNew,
                                const float* dNewToo, float* dCell, float* dGates) {
  forEachBlock(m, [&](int i, int lanes) {
    const Vec in = loadBlock(gates + i, lanes), forget = loadBlock(gates + m + i, lanes);
    const Vec cell = loadBlock(gates + 2 * m + i, lanes), output = loadBlock(gates + 3 * m + i, lanes);
    const Vec squashed = loadBlock(tanhC + i, lanes), before = loadBlock(cBefore + i, lanes);
    const Vec dh = loadBlock(dNew + i, lanes) + loadBlock(dNewToo + i, lanes);
    const Vec dc = loadBlock(dCell + i, lanes) + dh * output * (1.0f - squashed * squashed);
    storeBlock(dGates + i, dc * cell * in * (1.0f - in), lanes);
    storeBlock(dGates + m + i, dc * before * forget * (1.0f - forget), lanes);
    storeBlock(dGates + 2 * m + i, dc * in * (1.0f - cell * cell), lanes);
    storeBlock(dGates + 3 * m + i, dh * squashed * output * (1.0f - output), lanes);
    storeBlock(dCell + i, dc * forget, lanes);
    storeBlock(dNew + i, Vec{}, lanes);
  });
}

// As lstmBackward. @param dGates, dHidden get the gradients of what the gates take from the input and from the state
static inline void gruBackward(int m, const float* gates, const float* hiddenLast, const float* before, float* dNew,
                               const float* dNewToo, float* dGates, float* dHidden) {
  forEachBlock(m, [&](int i, int lanes) {
    const Vec reset = loadBlock(gates + i, lanes), update = loadBlock(gates + m + i, lanes);
    const Vec fresh = loadBlock(gates + 2 * m + i, lanes), last = loadBlock(hiddenLast + i, lanes);
    const Vec dh = loadBlock(dNew + i, lanes) + loadBlock(dNewToo + i, lanes);
    const Vec dFresh = dh * (1.0f - update) * (1.0f - fresh * fresh);
    const Vec dReset = dFresh * last * reset * (1.0f - reset);
    const Vec dUpdate = dh * (loadBlock(before + i, lanes) - fresh) * update * (1.0f - update);
    storeBlock(dGates + i, dReset, lanes);
    storeBlock(dGates + m + i, dUpdate, lanes);
    storeBlock(dGates + 2 * m + i, dFresh, lanes);
    storeBlock(dHidden + i, dReset, lanes);
    storeBlock(dHidden + m + i, dUpdate, lanes);
    storeBlock(dHidden + 2 * m + i, dFresh * reset, lanes);
    storeBlock(dNew + i, dh * update, lanes);
  });
}

}  // namespace ISA
}  // namespace rim_agents
