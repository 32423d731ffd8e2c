#include "rim_stages.h"
#include "scratch.h"
#include "vector.h"

namespace rim_agents {
namespace ISA {
namespace {

class Backward {
 public:
  Backward(const RimSizes& sizes, const RimWeights<const float>& weights, const RimInputs& inputs, const float* active,
           const RimTape& tape, const RimOutputGradients& outputs, const RimWeights<float>& weightGradients,
           const RimInputGradients& inputGradients, float* base)
      : s(sizes), weights(weights), inputs(inputs), active(active), tape(tape), outputs(outputs),
        dWeights(weightGradients), dInputs(inputGradients), scratch(base) {
    hiddenTransposed = scratch.take(packedSize(s.gates(), s.units) * s.modules);
    projectionTransposed = scratch.take(packedSize(s.projection(), s.units) * s.modules);
    outTransposed = scratch.take(packedSize(s.units, s.message()));
    steps.gates = scratch.take(s.rows() * s.modules * s.gates());
    steps.projections = scratch.take(s.rows() * s.modules * s.projection());
    steps.out = scratch.take(s.rows() * s.state());
    steps.logits = scratch.take(s.rows() * s.modules);
    dMessages = scratch.take(int64_t{s.batch} * s.modules * s.message());
    products = scratch.take(int64_t{s.modules} * kRowsAtOnce * s.units);
    forSums = scratch.take(sumGradientsScratch(s));
  }

  int64_t scratchUsed() const { return scratch.used(); }

  void run(Team& team) {
    const int64_t stateBytes = int64_t{s.batch} * s.state() * sizeof(float);
    std::memset(dInputs.h0, 0, stateBytes);
    std::memset(dInputs.c0, 0, stateBytes);
    team.each(s.modules + 1, [&](int j) {
      j < s.modules ? packModule(j) : packTransposed(plainMatrix(weights.commOut, s.message(), s.units), outT());
    });
    for (int t = s.steps - 1; t >= 0; t--) {
      team.each(s.batch, [&](int b) { communicate(t, b); });
      team.each(s.modules, [&](int j) { stepModule(t, j); });
    }
    sumGradients(s, weights, inputs.x, active, tape, steps, dWeights, dInputs.x, forSums, team);
  }

 private:
  int64_t row(int t, int b) const { return int64_t{t} * s.batch + b; }
  bool isActive(int64_t r, int j) const { return active[r * s.modules + j] != 0; }

  // Entries of row r and module j.
  float* gatesGradient(int64_t r, int j) const { return steps.gates + (r * s.modules + j) * s.gates(); }
  float* projectionGradient(int64_t r, int j) const { return steps.projections + (r * s.modules + j) * s.projection(); }
  float* outGradient(int64_t r, int j) const { return steps.out + r * s.state() + int64_t{j} * s.units; }

  Matrix hiddenT(int j) const { return moduleMatrix(nullptr, hiddenTransposed, j, s.gates(), s.units); }
  Matrix projectionT(int j) const { return moduleMatrix(nullptr, projectionTransposed, j, s.projection(), s.units); }
  Matrix outT() const { return packedMatrix(outTransposed, s.units, s.message()); }

  void packModule(int j) {
    packTransposed(moduleMatrix(weights.rnnHidden, nullptr, j, s.units, s.gates()), hiddenT(j));
    packTransposed(moduleMatrix(weights.commQuery, nullptr, j, s.units, s.query()), projectionT(j));
    packTransposed(moduleMatrix(weights.commKey, nullptr, j, s.units, s.query()), projectionT(j), s.query());
    packTransposed(moduleMatrix(weights.commValue, nullptr, j, s.units, s.message()), projectionT(j), 2 * s.query());
  }

  // Back through what active modules read from all modules. The gradient of the state after the step is gathered in
  // dInputs.h0, that of c in dInputs.c0.
  void communicate(int t, int b) {
    const int64_t r = row(t, b);
    float* dState = dInputs.h0 + int64_t{b} * s.state();
    addScaled(s.state(), dState, 1, outputs.h + r * s.state());
    std::memset(projectionGradient(r, 0), 0, sizeof(float) * s.modules * s.projection());
    const float* out[kMostModules] = {};
    float* messages[kMostModules] = {};
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

  // One head of module j, back to all queries, keys and values of row r.
  // @param dMessage gradient of what the head gave (commValue)
  void attend(int64_t r, int head, int j, const float* dMessage) {
    const int width = s.projection();
    const int toKey = s.query() + head * s.commKey, toValue = 2 * s.query() + head * s.commValue;
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
    const float scale = 1 / squareRoot(static_cast<float>(s.commKey));
    for (int i = 0; i < s.modules; i++) {
      const int64_t other = int64_t{i} * width;
      const float dLogit = scale * attention[i] * (dAttention[i] - mean);
      addScaled(s.commValue, gradients + other + toValue, attention[i], dMessage);
      addScaled(s.commKey, dQuery, dLogit, projections + other + toKey);
      addScaled(s.commKey, gradients + other + toKey, dLogit, query);
    }
  }

  // Back through the projections and the LSTM step of module j. A module that is not active hands its gradients on:
  // what others read of it gives none.
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
    float* from[kRowsAtOnce];
    for (int i = 0; i < count; i++) {
      projections[i] = projectionGradient(row(t, listed[i]), j);
      gates[i] = gatesGradient(row(t, listed[i]), j);
      from[i] = products + (int64_t{j} * kRowsAtOnce + i) * s.units;
    }
    multiply(projectionT(j), count, projections, from);
    for (int i = 0; i < count; i++) lstm(row(t, listed[i]), listed[i], j, from[i]);
    multiply(hiddenT(j), count, gates, from);
    for (int i = 0; i < count; i++) {
      const int64_t r = row(t, listed[i]);
      const float* pull = tape.pull + r * s.state() + int64_t{j} * s.units;
      const float dLogit = steps.logits[r * s.modules + j];
      float* dState = stateGradient(listed[i], j);
      forEachBlock(s.units, [&](int k, int lanes) {
        storeBlock(dState + k, loadBlock(from[i] + k, lanes) + dLogit * loadBlock(pull + k, lanes), lanes);
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
    steps.logits[r * s.modules + j] = dot(dGate, inputGates, s.gates()) * attention * (1 - attention);
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
  float *hiddenTransposed, *projectionTransposed, *outTransposed;  // packed
  RimStepGradients steps;
  float *dMessages, *products;  // of the rows at hand
  float* forSums;
};

}  // namespace

int64_t rimBackwardScratch(const RimSizes& sizes) {
  return Backward(sizes, {}, {}, nullptr, {}, {}, {}, {}, nullptr).scratchUsed();
}

void rimBackward(const RimSizes& sizes, const RimWeights<const float>& weights, const RimInputs& inputs,
                 const float* active, const RimTape& tape, const RimOutputGradients& outputGradients,
                 const RimWeights<float>& weightGradients, const RimInputGradients& inputGradients, float* scratch,
                 Team& team) {
  Backward(sizes, weights, inputs, active, tape, outputGradients, weightGradients, inputGradients, scratch).run(team);
}

}  // namespace ISA
}  // namespace rim_agents
