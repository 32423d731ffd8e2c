#include "outer_products.h"
#include "recurrent_blocks.h"
#include "recurrent_core.h"
#include "scratch.h"
#include "vector.h"

namespace rim_agents {
namespace ISA {
namespace {

// Columns of weight gradients that are summed at once, at most: every item reads all rows of x or h.
constexpr int kGradientColumns = 288;

template <class Products>
class RecurrentBackward {
 public:
  RecurrentBackward(const RecurrentSizes& sizes, const RecurrentWeights<const float>& weights,
                    const RecurrentInputs& inputs, const RecurrentTape& tape, const RecurrentStateGradients& gradients,
                    const RecurrentWeights<float>& weightGradients, const RecurrentInputGradients& inputGradients,
                    float* base)
      : s(sizes), weights(weights), inputs(inputs), tape(tape), outer(gradients), dWeights(weightGradients),
        dInputs(inputGradients), blocks(sizes.units, blockUnits(sizes.batch)), columns(sizes.gates(), kGradientColumns),
        rowBlocks(static_cast<int>(sizes.rows()), kBlockRows), scratch(base) {
    hiddenTransposed = scratch.take(blocks.count * packedSize<Products>(s.gates(), kBlockUnits));
    inputTransposed = scratch.take(packedSize<Products>(s.gates(), s.input));
    dHiddenGates = scratch.take(s.rows() * s.gates());
    dInputGates = s.isLstm ? dHiddenGates : scratch.take(s.rows() * s.gates());
    product = scratch.take(int64_t{s.batch} * s.units);
  }

  int64_t scratchUsed() const { return scratch.used(); }

  void run(Team& team) {
    team.each(Panels(s.input).count, [&](int panel) {
      packPanelTransposed(plainMatrix<Products>(weights.input, s.input, s.gates()), inputT(), panel);
    });
    team.each(blocks.count, [&](int block) {
      const float* source = weights.hidden + int64_t{blocks.begin(block)} * s.gates();
      packTransposed(plainMatrix<Products>(source, blocks.length(block), s.gates()), hiddenT(block));
      for (int b = 0; b < s.batch; b++) clearState(b, block);
    });
    for (int t = s.steps - 1; t >= 0; t--) team.each(blocks.count, [&](int block) { step(t, block); });
    team.each(blocks.count, [&](int block) { passBack(0, block); });
    team.each(rowBlocks.count, [&](int block) { projectInput(block); });
    team.each(2 * columns.count, [&](int item) { sumWeightGradients(item / 2, item % 2 == 0); });
  }

 private:
  int64_t row(int t, int b) const { return int64_t{t} * s.batch + b; }
  Matrix<Products> hiddenT(int block) const {
    return packedMatrix<Products>(hiddenTransposed + block * packedSize<Products>(s.gates(), kBlockUnits), s.gates(),
                                  blocks.length(block));
  }
  Matrix<Products> inputT() const { return packedMatrix<Products>(inputTransposed, s.gates(), s.input); }

  // The gradients of h and c are carried in dInputs.h0 and dInputs.c0. Beside what reaches h through the gates, h0
  // holds what a GRU hands on directly.
  void clearState(int b, int block) {
    for (int i = blocks.begin(block); i < blocks.end(block); i++) {
      dInputs.h0[int64_t{b} * s.units + i] = 0;
      if (s.isLstm) dInputs.c0[int64_t{b} * s.units + i] = 0;
    }
  }

  // From the gradients of step t's gates to those of the state before it, in a block of units.
  void passBack(int t, int block) {
    const int begin = blocks.begin(block);
    for (int first = 0; first < s.batch; first += kRowsAtOnce) {
      const int count = s.batch - first < kRowsAtOnce ? s.batch - first : kRowsAtOnce;
      const float* gates[kRowsAtOnce];
      float* products[kRowsAtOnce];
      listRows(static_cast<const float*>(dHiddenGates + row(t, first) * s.gates()), s.gates(), count, gates);
      listRows(product + int64_t{first} * s.units + begin, s.units, count, products);
      multiply(hiddenT(block), count, gates, products);
    }
    for (int b = 0; b < s.batch; b++) {
      const float keep = inputs.keep[row(t, b)];
      const int64_t state = int64_t{b} * s.units;
      for (int i = begin; i < blocks.end(block); i++)
        dInputs.h0[state + i] = (dInputs.h0[state + i] + product[state + i]) * keep;
      if (!s.isLstm) continue;
      for (int i = begin; i < blocks.end(block); i++) dInputs.c0[state + i] *= keep;
    }
  }

  void step(int t, int block) {
    if (t + 1 < s.steps) passBack(t + 1, block);
    const int begin = blocks.begin(block), count = blocks.length(block);
    for (int b = 0; b < s.batch; b++) s.isLstm ? lstm(t, b, begin, count) : gru(t, b, begin, count);
  }

  // A block of the gradients that came from outside.
  static Vec given(const float* gradients, int64_t at, int lanes) {
    return gradients ? loadBlock(gradients + at, lanes) : Vec{};
  }

  // Gradients of the gates before their nonlinearity, on units [begin, begin + count).
  void lstm(int t, int b, int begin, int count) {
    const int u = s.units;
    const int64_t r = row(t, b), state = r * u + begin;
    const float* gates = tape.gates + r * s.gates() + begin;
    float* dGates = dHiddenGates + r * s.gates() + begin;
    float *dState = dInputs.h0 + int64_t{b} * u + begin, *dCell = dInputs.c0 + int64_t{b} * u + begin;
    forEachBlock(count, [&](int i, int lanes) {
      const Vec in = loadBlock(gates + i, lanes), forget = loadBlock(gates + u + i, lanes);
      const Vec cell = loadBlock(gates + 2 * u + i, lanes), output = loadBlock(gates + 3 * u + i, lanes);
      const Vec tanhC = loadBlock(tape.tanhC + state + i, lanes), before = loadBlock(tape.cBefore + state + i, lanes);
      const Vec dh = loadBlock(dState + i, lanes) + given(outer.h, state + i, lanes);
      const Vec dcOuter = loadBlock(dCell + i, lanes) + given(outer.c, state + i, lanes);
      const Vec dc = dcOuter + dh * output * (1.0f - tanhC * tanhC);
      storeBlock(dGates + i, dc * cell * in * (1.0f - in), lanes);
      storeBlock(dGates + u + i, dc * before * forget * (1.0f - forget), lanes);
      storeBlock(dGates + 2 * u + i, dc * in * (1.0f - cell * cell), lanes);
      storeBlock(dGates + 3 * u + i, dh * tanhC * output * (1.0f - output), lanes);
      storeBlock(dCell + i, dc * forget, lanes);
      storeBlock(dState + i, Vec{}, lanes);
    });
  }

  void gru(int t, int b, int begin, int count) {
    const int u = s.units;
    const int64_t r = row(t, b), state = r * u + begin;
    const float* gates = tape.gates + r * s.gates() + begin;
    float *dHidden = dHiddenGates + r * s.gates() + begin, *dInput = dInputGates + r * s.gates() + begin;
    float* dState = dInputs.h0 + int64_t{b} * u + begin;
    forEachBlock(count, [&](int i, int lanes) {
      const Vec reset = loadBlock(gates + i, lanes), update = loadBlock(gates + u + i, lanes);
      const Vec candidate = loadBlock(gates + 2 * u + i, lanes), hiddenN = loadBlock(tape.hiddenN + state + i, lanes);
      const Vec before = loadBlock(tape.hBefore + state + i, lanes);
      const Vec dh = loadBlock(dState + i, lanes) + given(outer.h, state + i, lanes);
      const Vec dCandidate = dh * (1.0f - update) * (1.0f - candidate * candidate);
      const Vec dReset = dCandidate * hiddenN * reset * (1.0f - reset);
      const Vec dUpdate = dh * (before - candidate) * update * (1.0f - update);
      float* const both[] = {dHidden, dInput};
      for (float* gradient : both) {
        storeBlock(gradient + i, dReset, lanes);
        storeBlock(gradient + u + i, dUpdate, lanes);
      }
      storeBlock(dInput + 2 * u + i, dCandidate, lanes);
      storeBlock(dHidden + 2 * u + i, dCandidate * reset, lanes);
      storeBlock(dState + i, dh * update, lanes);
    });
  }

  // Gradient of x in some rows.
  void projectInput(int block) {
    const int first = rowBlocks.begin(block), count = rowBlocks.length(block);
    const float* gates[kBlockRows];
    float* dx[kBlockRows];
    listRows(static_cast<const float*>(dInputGates + int64_t{first} * s.gates()), s.gates(), count, gates);
    listRows(dInputs.x + int64_t{first} * s.input, s.input, count, dx);
    multiply(inputT(), count, gates, dx);
  }

  // Some columns of the gradients of the input weights and bias, or of the hidden ones.
  void sumWeightGradients(int column, bool isInput) {
    const int begin = columns.begin(column), count = columns.length(column);
    const float* gradients = (isInput ? dInputGates : dHiddenGates) + begin;
    const float* from = isInput ? inputs.x : tape.hBefore;
    const int width = isInput ? s.input : s.units;
    OuterProducts<Products> sum((isInput ? dWeights.input : dWeights.hidden) + begin, width, count, s.gates());
    for (int64_t r = 0; r < s.rows(); r++) sum.add(from + r * width, gradients + r * s.gates());
    sum.finish();
    float* bias = isInput ? dWeights.bias : dWeights.hiddenBias;
    if (!bias) return;
    std::memset(bias + begin, 0, sizeof(float) * count);
    for (int64_t r = 0; r < s.rows(); r++) addScaled(count, bias + begin, 1, gradients + r * s.gates());
  }

  const RecurrentSizes s;
  const RecurrentWeights<const float> weights;
  const RecurrentInputs inputs;
  const RecurrentTape tape;
  const RecurrentStateGradients outer;
  const RecurrentWeights<float> dWeights;
  const RecurrentInputGradients dInputs;
  const VectorParts blocks, columns;
  const Parts rowBlocks;
  Scratch scratch;
  float *hiddenTransposed, *inputTransposed;  // packed
  // Gradients of the gates before their nonlinearity, per row, through the hidden and the input product.
  // They differ in a GRU's n alone.
  float *dHiddenGates, *dInputGates;
  float* product;  // (B, u), of the step at hand
};

}  // namespace

int64_t recurrentBackwardScratch(const RecurrentSizes& sizes) {
  return withProducts(sizes.bf16, [&](auto products) {
    return RecurrentBackward<decltype(products)>(sizes, {}, {}, {}, {}, {}, {}, nullptr).scratchUsed();
  });
}

void recurrentBackward(const RecurrentSizes& sizes, const RecurrentWeights<const float>& weights,
                       const RecurrentInputs& inputs, const RecurrentTape& tape,
                       const RecurrentStateGradients& gradients, const RecurrentWeights<float>& weightGradients,
                       const RecurrentInputGradients& inputGradients, float* scratch, Team& team) {
  withProducts(sizes.bf16, [&](auto products) {
    RecurrentBackward<decltype(products)>(sizes, weights, inputs, tape, gradients, weightGradients, inputGradients,
                                          scratch)
        .run(team);
  });
}

}  // namespace ISA
}  // namespace rim_agents
