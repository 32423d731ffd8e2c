#include <cmath>

#include "multiply.h"
#include "rim_core.h"
#include "scratch.h"
#include "vector.h"

namespace rim_agents {
namespace ISA {
namespace {

constexpr int kRowsAtOnce = 16;   // rows of one module gathered for one product
constexpr int kBlockRows = 32;    // rows of one item of the work that is done for all steps at once
constexpr int kBlockColumns = 64; // columns of x whose share of the weights' gradients is one item

class Backward {
 public:
  Backward(const RimSizes& sizes, const RimWeights<const float>& weights, const RimInputs& inputs, const float* active, const RimTape& tape,
           const RimOutputGradients& outputs, const RimWeights<float>& weightGradients, const RimInputGradients& inputGradients, float* scratch)
      : s(sizes), weights(weights), inputs(inputs), active(active), tape(tape), outputs(outputs), dWeights(weightGradients), dInputs(inputGradients),
        scratch(scratch) {
    const int n = s.modules;
    hiddenTransposed = this->scratch.take(packedSize(s.gates(), s.units) * n);
    projectionTransposed = this->scratch.take(packedSize(s.projection(), s.units) * n);
    inputTransposed = this->scratch.take(packedSize(s.gates(), s.inputValue) * n);
    outTransposed = this->scratch.take(packedSize(s.units, s.message()));
    valueTransposed = this->scratch.take(packedSize(s.inputValue, s.input));
    keyTransposed = this->scratch.take(packedSize(s.inputKey, s.input));
    dGates = this->scratch.take(s.rows() * n * s.gates());
    dProjections = this->scratch.take(s.rows() * n * s.projection());
    dOut = this->scratch.take(s.rows() * s.state());
    dLogits = this->scratch.take(s.rows() * n);
    dMessages = this->scratch.take(int64_t{s.batch} * n * s.message());
    fromLater = this->scratch.take(int64_t{n} * kRowsAtOnce * s.units);
    dValue = this->scratch.take(s.rows() * s.inputValue);
    dKey = this->scratch.take(s.rows() * s.inputKey);
    products = this->scratch.take(int64_t{blocks()} * kBlockRows * (s.inputValue + s.inputKey));
  }

  int64_t scratchUsed() const { return scratch.used(); }

  void run(Team& team) {
    const int64_t stateBytes = int64_t{s.batch} * s.state() * sizeof(float);
    std::memset(dInputs.h0, 0, stateBytes);
    std::memset(dInputs.c0, 0, stateBytes);
    team.each(s.modules + 1, [&](int j) { j < s.modules ? packModule(j) : packShared(); });
    for (int t = s.steps - 1; t >= 0; t--) {
      team.each(s.batch, [&](int b) { communicate(t, b); });
      team.each(s.modules, [&](int j) { stepModule(t, j); });
    }
    team.each(blocks(), [&](int block) { projectInput(block); });
    sumWeightGradients(team);
  }

 private:
  int blocks() const { return static_cast<int>((s.rows() + kBlockRows - 1) / kBlockRows); }
  int64_t row(int t, int b) const { return int64_t{t} * s.batch + b; }
  bool isActive(int64_t r, int j) const { return active[r * s.modules + j] != 0; }

  // Entries of row r and module j.
  const float* before(int64_t r, int j) const { return tape.hBefore + r * s.state() + int64_t{j} * s.units; }
  const float* source(int64_t r, int j) const { return tape.source + r * s.state() + int64_t{j} * s.units; }
  float* gatesGradient(int64_t r, int j) const { return dGates + (r * s.modules + j) * s.gates(); }
  float* projectionGradient(int64_t r, int j) const { return dProjections + (r * s.modules + j) * s.projection(); }
  float* outGradient(int64_t r, int j) const { return dOut + r * s.state() + int64_t{j} * s.units; }

  Matrix hiddenT(int j) const { return packedMatrix(hiddenTransposed + j * packedSize(s.gates(), s.units), s.gates(), s.units); }
  Matrix projectionT(int j) const { return packedMatrix(projectionTransposed + j * packedSize(s.projection(), s.units), s.projection(), s.units); }
  Matrix inputT(int j) const { return packedMatrix(inputTransposed + j * packedSize(s.gates(), s.inputValue), s.gates(), s.inputValue); }
  Matrix outT() const { return packedMatrix(outTransposed, s.units, s.message()); }
  Matrix valueT() const { return packedMatrix(valueTransposed, s.inputValue, s.input); }
  Matrix keyT() const { return packedMatrix(keyTransposed, s.inputKey, s.input); }

  void packModule(int j) {
    const auto matrix = [&](const float* all, int rows, int columns) { return plainMatrix(all + int64_t{j} * rows * columns, rows, columns); };
    packTransposed(matrix(weights.rnnHidden, s.units, s.gates()), hiddenT(j));
    packTransposed(matrix(weights.commQuery, s.units, s.query()), projectionT(j));
    packTransposed(matrix(weights.commKey, s.units, s.query()), projectionT(j), s.query());
    packTransposed(matrix(weights.commValue, s.units, s.message()), projectionT(j), 2 * s.query());
    packTransposed(matrix(weights.rnnInput, s.inputValue, s.gates()), inputT(j));
  }

  void packShared() {
    packTransposed(plainMatrix(weights.commOut, s.message(), s.units), outT());
    packTransposed(plainMatrix(weights.inputValue, s.input, s.inputValue), valueT());
    packTransposed(plainMatrix(weights.inputKey, s.input, s.inputKey), keyT());
  }

  // Back through what active modules read from all modules. The gradient of the state after the step is gathered in dInputs.h0, that of c in dInputs.c0.
  void communicate(int t, int b) {
    const int64_t r = row(t, b);
    float* dState = dInputs.h0 + int64_t{b} * s.state();
    addScaled(s.state(), dState, 1, outputs.h + r * s.state());
    std::memset(projectionGradient(r, 0), 0, sizeof(float) * s.modules * s.projection());
    const float* out[kMostModules];
    float* messages[kMostModules];
    int modules[kMostModules], count = 0;
    for (int j = 0; j < s.modules; j++) {
      if (!isActive(r, j)) continue;
      std::memcpy(outGradient(r, j), dState + int64_t{j} * s.units, sizeof(float) * s.units);
      out[count] = outGradient(r, j);
      messages[count] = dMessages + (int64_t{b} * s.modules + count) * s.message();
      modules[count++] = j;
    }
    multiply(outT(), count, out, messages);
    for (int k = 0; k < count; k++)
      for (int head = 0; head < s.commHeads; head++) attend(r, head, modules[k], messages[k] + head * s.commValue);
  }

  // One head of module j, back to all queries, keys and values of row r. @param dMessage gradient of what the head gave (commValue)
  void attend(int64_t r, int head, int j, const float* dMessage) {
    const int width = s.projection(), toKey = s.query() + head * s.commKey, toValue = 2 * s.query() + head * s.commValue;
    const float* attention = tape.commAttention + ((r * s.commHeads + head) * s.modules + j) * s.modules;
    const float* projections = tape.projections + r * s.modules * width;
    const float* query = projections + int64_t{j} * width + head * s.commKey;
    float* gradients = projectionGradient(r, 0);
    float* dQuery = gradients + int64_t{j} * width + head * s.commKey;
    float dAttention[kMostModules], mean = 0;
    for (int i = 0; i < s.modules; i++) {
      dAttention[i] = dot(dMessage, projections + int64_t{i} * width + toValue, s.commValue);
      mean += attention[i] * dAttention[i];
    }
    const float scale = 1 / std::sqrt(static_cast<float>(s.commKey));
    for (int i = 0; i < s.modules; i++) {
      const int64_t other = int64_t{i} * width;
      const float dLogit = scale * attention[i] * (dAttention[i] - mean);
      addScaled(s.commValue, gradients + other + toValue, attention[i], dMessage);
      addScaled(s.commKey, dQuery, dLogit, projections + other + toKey);
      addScaled(s.commKey, gradients + other + toKey, dLogit, query);
    }
  }

  // Back through the projections and the LSTM step of module j. A module that is not active hands its gradients on: what others read of it gives none.
  void stepModule(int t, int j) {
    int listed[kRowsAtOnce], count = 0;
    for (int b = 0; b < s.batch; b++) {
      addScaled(s.units, cellGradient(b, j), 1, outputs.c + row(t, b) * s.state() + int64_t{j} * s.units);
      if (isActive(row(t, b), j)) listed[count++] = b;
      if (count == kRowsAtOnce || (b == s.batch - 1 && count > 0)) {
        stepRows(t, j, listed, count);
        count = 0;
      }
    }
    for (int b = 0; b < s.batch; b++) {
      const float keep = inputs.keep[row(t, b)];
      if (keep == 1) continue;
      for (int i = 0; i < s.units; i++) stateGradient(b, j)[i] *= keep;
      for (int i = 0; i < s.units; i++) cellGradient(b, j)[i] *= keep;
    }
  }

  float* stateGradient(int b, int j) const { return dInputs.h0 + int64_t{b} * s.state() + int64_t{j} * s.units; }
  float* cellGradient(int b, int j) const { return dInputs.c0 + int64_t{b} * s.state() + int64_t{j} * s.units; }

  void stepRows(int t, int j, const int* listed, int count) {
    const float *projections[kRowsAtOnce], *gates[kRowsAtOnce];
    float* products[kRowsAtOnce];
    for (int i = 0; i < count; i++) {
      projections[i] = projectionGradient(row(t, listed[i]), j);
      gates[i] = gatesGradient(row(t, listed[i]), j);
      products[i] = fromLater + (int64_t{j} * kRowsAtOnce + i) * s.units;
    }
    multiply(projectionT(j), count, projections, products);
    for (int i = 0; i < count; i++) lstm(row(t, listed[i]), listed[i], j, products[i]);
    multiply(hiddenT(j), count, gates, products);
    for (int i = 0; i < count; i++) {
      const int64_t r = row(t, listed[i]);
      const float* pull = tape.pull + r * s.state() + int64_t{j} * s.units;
      const float dLogit = dLogits[r * s.modules + j];
      float* dState = stateGradient(listed[i], j);
      forEachBlock(s.units, [&](int k, int lanes) {
        storeBlock(dState + k, loadBlock(products[i] + k, lanes) + dLogit * loadBlock(pull + k, lanes), lanes);
      });
    }
  }

  // @param fromProjections gradient (m) that reached the new state through query, key and value
  void lstm(int64_t r, int b, int j, const float* fromProjections) {
    const int m = s.units;
    const int64_t state = r * s.state() + int64_t{j} * m;
    const float* gates = tape.gates + (r * s.modules + j) * s.gates();
    float* dGate = gatesGradient(r, j);
    float *dState = stateGradient(b, j), *dCell = cellGradient(b, j);
    forEachBlock(m, [&](int i, int lanes) {
      const Vec in = loadBlock(gates + i, lanes), forget = loadBlock(gates + m + i, lanes);
      const Vec cell = loadBlock(gates + 2 * m + i, lanes), output = loadBlock(gates + 3 * m + i, lanes);
      const Vec tanhC = loadBlock(tape.tanhC + state + i, lanes), before = loadBlock(tape.cBefore + state + i, lanes);
      const Vec dh = loadBlock(dState + i, lanes) + loadBlock(fromProjections + i, lanes);
      const Vec dc = loadBlock(dCell + i, lanes) + dh * output * (1.0f - tanhC * tanhC);
      storeBlock(dGate + i, dc * cell * in * (1.0f - in), lanes);
      storeBlock(dGate + m + i, dc * before * forget * (1.0f - forget), lanes);
      storeBlock(dGate + 2 * m + i, dc * in * (1.0f - cell * cell), lanes);
      storeBlock(dGate + 3 * m + i, dh * tanhC * output * (1.0f - output), lanes);
      storeBlock(dCell + i, dc * forget, lanes);
    });
    const float attention = tape.attention[r * s.modules + j];
    const float* inputGates = tape.inputGates + (r * s.modules + j) * s.gates();
    dLogits[r * s.modules + j] = dot(dGate, inputGates, s.gates()) * attention * (1 - attention);
  }

  // Gradients of value, key and x for the rows of a block.
  void projectInput(int block) {
    const int64_t first = int64_t{block} * kBlockRows;
    const int64_t end = first + kBlockRows < s.rows() ? first + kBlockRows : s.rows();
    const int count = static_cast<int>(end - first);
    std::memset(dValue + first * s.inputValue, 0, sizeof(float) * count * s.inputValue);
    std::memset(dKey + first * s.inputKey, 0, sizeof(float) * count * s.inputKey);
    for (int j = 0; j < s.modules; j++) addModule(first, end, j, products + first * (s.inputValue + s.inputKey));
    const float *values[kBlockRows], *keys[kBlockRows];
    float* dx[kBlockRows];
    for (int i = 0; i < count; i++) {
      values[i] = dValue + (first + i) * s.inputValue;
      keys[i] = dKey + (first + i) * s.inputKey;
      dx[i] = dInputs.x + (first + i) * s.input;
    }
    multiply(valueT(), count, values, dx);
    multiply(keyT(), count, keys, dx, true);
  }

  // Adds module j's share to the gradients of value and key in rows [first, end). @param room for (rows, value + key)
  void addModule(int64_t first, int64_t end, int j, float* room) {
    const float *gates[kBlockRows], *states[kBlockRows];
    float *values[kBlockRows], *queries[kBlockRows];
    int64_t listed[kBlockRows];
    int count = 0;
    for (int64_t r = first; r < end; r++) {
      if (!isActive(r, j)) continue;
      gates[count] = gatesGradient(r, j);
      states[count] = before(r, j);
      values[count] = room + int64_t{count} * (s.inputValue + s.inputKey);
      queries[count] = values[count] + s.inputValue;
      listed[count++] = r;
    }
    multiply(inputT(j), count, gates, values);
    multiply(plainMatrix(weights.inputQuery + int64_t{j} * s.units * s.inputKey, s.units, s.inputKey), count, states, queries);
    for (int i = 0; i < count; i++) {
      const int64_t r = listed[i];
      addScaled(s.inputValue, dValue + r * s.inputValue, tape.attention[r * s.modules + j], values[i]);
      addScaled(s.inputKey, dKey + r * s.inputKey, keyScale() * dLogits[r * s.modules + j], queries[i]);
    }
  }

  float keyScale() const { return 1 / std::sqrt(static_cast<float>(s.inputKey)); }

  void sumWeightGradients(Team& team) {
    const int n = s.modules, columnBlocks = divideUp(s.input, kBlockColumns);
    // The largest first, so that threads end at about the same time.
    team.each(3 * n + columnBlocks + 1, [&](int item) {
      if (item < n) return sumRnnInput(item);
      if (item == n) return sumCommOut();
      item -= n + 1;
      if (item < n) return sumProjections(item);
      if (item < 2 * n) return sumRnnHidden(item - n);
      sumInput(item - 2 * n);
    });
  }

  void sumRnnInput(int j) {
    OuterProducts sum(dWeights.rnnInput + int64_t{j} * s.inputValue * s.gates(), s.inputValue, s.gates());
    for (int64_t r = 0; r < s.rows(); r++)
      if (isActive(r, j)) sum.add(tape.value + r * s.inputValue, gatesGradient(r, j), tape.attention[r * s.modules + j]);
    sum.finish();
  }

  void sumCommOut() {
    OuterProducts sum(dWeights.commOut, s.message(), s.units);
    std::memset(dWeights.commOutBias, 0, sizeof(float) * s.units);
    for (int64_t r = 0; r < s.rows(); r++)
      for (int j = 0; j < s.modules; j++) {
        if (!isActive(r, j)) continue;
        sum.add(tape.message + (r * s.modules + j) * s.message(), outGradient(r, j));
        addScaled(s.units, dWeights.commOutBias, 1, outGradient(r, j));
      }
    sum.finish();
  }

  void sumProjections(int j) {
    OuterProducts query(dWeights.commQuery + int64_t{j} * s.units * s.query(), s.units, s.query());
    OuterProducts key(dWeights.commKey + int64_t{j} * s.units * s.query(), s.units, s.query());
    OuterProducts value(dWeights.commValue + int64_t{j} * s.units * s.message(), s.units, s.message());
    for (int64_t r = 0; r < s.rows(); r++) {
      const float* gradient = projectionGradient(r, j);
      if (isActive(r, j)) query.add(source(r, j), gradient);
      key.add(source(r, j), gradient + s.query());
      value.add(source(r, j), gradient + 2 * s.query());
    }
    query.finish();
    key.finish();
    value.finish();
  }

  // And its bias, and the query of the attention to the input.
  void sumRnnHidden(int j) {
    OuterProducts hidden(dWeights.rnnHidden + int64_t{j} * s.units * s.gates(), s.units, s.gates());
    OuterProducts query(dWeights.inputQuery + int64_t{j} * s.units * s.inputKey, s.units, s.inputKey);
    float* bias = dWeights.rnnBias + int64_t{j} * s.gates();
    std::memset(bias, 0, sizeof(float) * s.gates());
    for (int64_t r = 0; r < s.rows(); r++) {
      if (!isActive(r, j)) continue;
      hidden.add(before(r, j), gatesGradient(r, j));
      query.add(before(r, j), tape.key + r * s.inputKey, keyScale() * dLogits[r * s.modules + j]);
      addScaled(s.gates(), bias, 1, gatesGradient(r, j));
    }
    hidden.finish();
    query.finish();
  }

  // Rows [begin, begin + kBlockColumns) of the gradients of inputValue and inputKey.
  void sumInput(int block) {
    const int begin = block * kBlockColumns;
    const int count = begin + kBlockColumns < s.input ? kBlockColumns : s.input - begin;
    OuterProducts value(dWeights.inputValue + int64_t{begin} * s.inputValue, count, s.inputValue);
    OuterProducts key(dWeights.inputKey + int64_t{begin} * s.inputKey, count, s.inputKey);
    for (int64_t r = 0; r < s.rows(); r++) {
      value.add(inputs.x + r * s.input + begin, dValue + r * s.inputValue);
      key.add(inputs.x + r * s.input + begin, dKey + r * s.inputKey);
    }
    value.finish();
    key.finish();
  }

  const RimSizes s;
  const RimWeights<const float> weights;
  const RimInputs inputs;
  const float* const active;
  const RimTape tape;
  const RimOutputGradients outputs;
  const RimWeights<float> dWeights;
  const RimInputGradients dInputs;
  Scratch scratch;
  // Transposed and packed weights.
  float *hiddenTransposed, *projectionTransposed, *inputTransposed, *outTransposed, *valueTransposed, *keyTransposed;
  // Gradients per row and module, as on the tape: gates before their nonlinearity, projections, what communication added, the attention's logit.
  float *dGates, *dProjections, *dOut, *dLogits;
  float *dValue, *dKey;                     // per row
  float *dMessages, *fromLater, *products;  // of the rows at hand
};

}  // namespace

int64_t rimBackwardScratch(const RimSizes& sizes) { return Backward(sizes, {}, {}, nullptr, {}, {}, {}, {}, nullptr).scratchUsed(); }

void rimBackward(const RimSizes& sizes, const RimWeights<const float>& weights, const RimInputs& inputs, const float* active, const RimTape& tape,
                 const RimOutputGradients& outputGradients, const RimWeights<float>& weightGradients, const RimInputGradients& inputGradients,
                 float* scratch, Team& team) {
  Backward(sizes, weights, inputs, active, tape, outputGradients, weightGradients, inputGradients, scratch).run(team);
}

}  // namespace ISA
}  // namespace rim_agents
