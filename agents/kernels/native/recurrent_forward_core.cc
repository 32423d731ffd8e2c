#include "recurrent_blocks.h"
#include "recurrent_core.h"
#include "scratch.h"
#include "vector.h"

namespace rim_agents {
namespace ISA {
namespace {

// Weights are packed where steps, or rows, are enough to be worth it.
constexpr int kPackFromSteps = 4, kPackFromRows = 1024;
// The input's share of the gates is computed for so many rows at once: it is still in a cache when it is needed.
constexpr int kRowsAhead = 256;

template <class Products>
class RecurrentForward {
 public:
  RecurrentForward(const RecurrentSizes& sizes, const RecurrentWeights<const float>& weights,
                   const RecurrentInputs& inputs, const RecurrentStates& out, const RecurrentTape& tape,
                   bool isRecording, float* base)
      : s(sizes), weights(weights), inputs(inputs), out(out), tape(tape), isRecording(isRecording),
        blocks(sizes.units, blockUnits(sizes.batch)), columns(sizes.gates(), kBlockColumns),
        stepsAhead(divideUp(kRowsAhead, sizes.batch)), scratch(base) {
    inputGates = scratch.take(row(s.steps < stepsAhead ? s.steps : stepsAhead, 0) * s.gates());
    if (s.steps >= kPackFromSteps) packedHidden = scratch.take(blocks.count * gateCount() * packedBlock());
    if (s.rows() >= kPackFromRows)
      packedInput = scratch.take(columns.count * packedSize<Products>(s.input, kBlockColumns));
  }

  int64_t scratchUsed() const { return scratch.used(); }

  void run(Team& team) {
    if (packedInput)
      team.each(columns.count, [&](int column) { packMatrix(plainInput(column), input(column)); });
    team.each(blocks.count, [&](int block) {
      if (packedHidden)
        for (int gate = 0; gate < gateCount(); gate++) packMatrix(plainHidden(block, gate), hidden(block, gate));
      for (int b = 0; b < s.batch; b++)
        keepState(0, b, block, inputs.h0 + int64_t{b} * s.units, s.isLstm ? inputs.c0 + int64_t{b} * s.units : nullptr);
    });
    for (int t = 0; t < s.steps; t++) {
      if (t % stepsAhead == 0) projectInput(t, team);
      team.each(blocks.count, [&](int block) { step(t, block); });
    }
  }

 private:
  int gateCount() const { return s.isLstm ? 4 : 3; }
  int64_t row(int t, int b) const { return int64_t{t} * s.batch + b; }
  int64_t tapeRow(int t, int b) const { return isRecording ? row(t, b) : row(t % 2, b); }

  Matrix<Products> plainHidden(int block, int gate) const {
    const float* data = weights.hidden + int64_t{gate} * s.units + blocks.begin(block);
    return plainMatrix<Products>(data, s.units, blocks.length(block), s.gates());
  }
  int64_t packedBlock() const { return packedSize<Products>(s.units, kBlockUnits); }
  Matrix<Products> hidden(int block, int gate) const {
    if (!packedHidden) return plainHidden(block, gate);
    float* data = packedHidden + (int64_t{block} * gateCount() + gate) * packedBlock();
    return packedMatrix<Products>(data, s.units, blocks.length(block));
  }

  Matrix<Products> plainInput(int column) const {
    const float* data = weights.input + columns.begin(column);
    return plainMatrix<Products>(data, s.input, columns.length(column), s.gates());
  }
  Matrix<Products> input(int column) const {
    if (!packedInput) return plainInput(column);
    return packedMatrix<Products>(packedInput + column * packedSize<Products>(s.input, kBlockColumns), s.input,
                                  columns.length(column));
  }

  // inputGates = x W_input, of the steps from `begin` on. Biases are added in the step.
  void projectInput(int begin, Team& team) {
    const int steps = s.steps - begin < stepsAhead ? s.steps - begin : stepsAhead;
    const Parts rowBlocks(steps * s.batch, kBlockRows);
    team.each(columns.count * rowBlocks.count, [&](int item) {
      const int column = item / rowBlocks.count, block = item % rowBlocks.count;
      const int first = rowBlocks.begin(block), count = rowBlocks.length(block);
      const float* x[kBlockRows];
      float* gates[kBlockRows];
      listRows(inputs.x + (row(begin, 0) + first) * s.input, s.input, count, x);
      listRows(inputGates + int64_t{first} * s.gates() + columns.begin(column), s.gates(), count, gates);
      multiply(input(column), count, x, gates);
    });
  }
  const float* inputShare(int t, int b) const { return inputGates + row(t % stepsAhead, b) * s.gates(); }

  // The state before step t, in a block of units. @param h, c rows of units before the reset
  void keepState(int t, int b, int block, const float* h, const float* c) {
    const float keep = inputs.keep[row(t, b)];
    const int64_t state = tapeRow(t, b) * s.units;
    for (int i = blocks.begin(block); i < blocks.end(block); i++) tape.hBefore[state + i] = h[i] * keep;
    if (!s.isLstm) return;
    for (int i = blocks.begin(block); i < blocks.end(block); i++) tape.cBefore[state + i] = c[i] * keep;
  }

  void step(int t, int block) {
    const int begin = blocks.begin(block);
    for (int first = 0; first < s.batch; first += kRowsAtOnce) {
      const int count = s.batch - first < kRowsAtOnce ? s.batch - first : kRowsAtOnce;
      const float* h[kRowsAtOnce];
      float* gates[kRowsAtOnce];
      listRows(static_cast<const float*>(tape.hBefore + tapeRow(t, first) * s.units), s.units, count, h);
      for (int gate = 0; gate < gateCount(); gate++) {
        listRows(tape.gates + tapeRow(t, first) * s.gates() + int64_t{gate} * s.units + begin, s.gates(), count, gates);
        multiply(hidden(block, gate), count, h, gates);
      }
    }
    for (int b = 0; b < s.batch; b++) {
      s.isLstm ? lstm(t, b, begin, blocks.length(block)) : gru(t, b, begin, blocks.length(block));
      const int64_t state = row(t, b) * s.units;
      if (t + 1 < s.steps) keepState(t + 1, b, block, out.h + state, s.isLstm ? out.c + state : nullptr);
    }
  }

  // On units [begin, begin + count): gates hold the hidden product and become the gates.
  void lstm(int t, int b, int begin, int count) {
    const int u = s.units;
    const int64_t state = row(t, b) * u + begin, taped = tapeRow(t, b) * u + begin;
    float* gates = tape.gates + tapeRow(t, b) * s.gates() + begin;
    const float *input = inputShare(t, b) + begin, *bias = weights.bias + begin;
    forEachBlock(count, [&](int i, int lanes) {
      const auto sum = [&](int gate) {
        const int64_t k = int64_t{gate} * u + i;
        return loadBlock(gates + k, lanes) + loadBlock(input + k, lanes) + loadBlock(bias + k, lanes);
      };
      const Vec in = sigmoid(sum(0)), forget = sigmoid(sum(1));
      const Vec cell = hyperbolicTangent(sum(2)), output = sigmoid(sum(3));
      const Vec c = forget * loadBlock(tape.cBefore + taped + i, lanes) + in * cell;
      const Vec tanhC = hyperbolicTangent(c);
      storeBlock(gates + i, in, lanes);
      storeBlock(gates + u + i, forget, lanes);
      storeBlock(gates + 2 * u + i, cell, lanes);
      storeBlock(gates + 3 * u + i, output, lanes);
      storeBlock(tape.tanhC + taped + i, tanhC, lanes);
      storeBlock(out.c + state + i, c, lanes);
      storeBlock(out.h + state + i, output * tanhC, lanes);
    });
  }

  void gru(int t, int b, int begin, int count) {
    const int u = s.units;
    const int64_t state = row(t, b) * u + begin, taped = tapeRow(t, b) * u + begin;
    float* gates = tape.gates + tapeRow(t, b) * s.gates() + begin;
    const float* input = inputShare(t, b) + begin;
    const float *bias = weights.bias + begin, *hiddenBias = weights.hiddenBias + begin;
    forEachBlock(count, [&](int i, int lanes) {
      const auto fromHidden = [&](int gate) {
        return loadBlock(gates + int64_t{gate} * u + i, lanes) + loadBlock(hiddenBias + int64_t{gate} * u + i, lanes);
      };
      const auto fromInput = [&](int gate) {
        return loadBlock(input + int64_t{gate} * u + i, lanes) + loadBlock(bias + int64_t{gate} * u + i, lanes);
      };
      const Vec reset = sigmoid(fromInput(0) + fromHidden(0)), update = sigmoid(fromInput(1) + fromHidden(1));
      const Vec hiddenN = fromHidden(2);
      const Vec candidate = hyperbolicTangent(fromInput(2) + reset * hiddenN);
      const Vec before = loadBlock(tape.hBefore + taped + i, lanes);
      storeBlock(gates + i, reset, lanes);
      storeBlock(gates + u + i, update, lanes);
      storeBlock(gates + 2 * u + i, candidate, lanes);
      storeBlock(tape.hiddenN + taped + i, hiddenN, lanes);
      storeBlock(out.h + state + i, candidate + update * (before - candidate), lanes);
    });
  }

  const RecurrentSizes s;
  const RecurrentWeights<const float> weights;
  const RecurrentInputs inputs;
  const RecurrentStates out;
  const RecurrentTape tape;
  const bool isRecording;
  const VectorParts blocks, columns;
  const int stepsAhead;
  Scratch scratch;
  float *inputGates, *packedHidden = nullptr, *packedInput = nullptr;
};

}  // namespace

int64_t recurrentForwardScratch(const RecurrentSizes& sizes) {
  return withProducts(sizes.bf16, [&](auto products) {
    return RecurrentForward<decltype(products)>(sizes, {}, {}, {}, {}, false, nullptr).scratchUsed();
  });
}

void recurrentForward(const RecurrentSizes& sizes, const RecurrentWeights<const float>& weights,
                      const RecurrentInputs& inputs, const RecurrentStates& out, const RecurrentTape& tape,
                      bool isRecording, float* scratch, Team& team) {
  withProducts(sizes.bf16, [&](auto products) {
    RecurrentForward<decltype(products)>(sizes, weights, inputs, out, tape, isRecording, scratch).run(team);
  });
}

}  // namespace ISA
}  // namespace rim_agents
