#include "rim_cells.h"
#include "rim_communication.h"
#include "rim_reads.h"
#include "rim_stages.h"
#include "scratch.h"
#include "vector.h"

namespace rim_agents {
namespace ISA {
namespace {

template <class Products>
class Backward {
 public:
  Backward(const RimSizes& sizes, const RimWeights<const float>& weights, const RimInputs& inputs, const float* active,
           const RimTape& tape, const RimOutputGradients& outputs, const RimWeights<float>& weightGradients,
           const RimInputGradients& inputGradients, float* base)
      : s(sizes), weights(weights), inputs(inputs), active(active), tape(tape), outputs(outputs),
        dWeights(weightGradients), dInputs(inputGradients), reads(sizes, inputs.x, tape),
        communication(sizes, weights, tape), scratch(base) {
    hiddenTransposed = scratch.take(packedSize<Products>(s.gates(), s.units) * s.modules);
    projectionTransposed = scratch.take(packedSize<Products>(s.projection(), s.units) * s.modules);
    outTransposed = scratch.take(packedSize<Products>(s.units, s.message()));
    gateTransposed = scratch.take(s.isGated ? packedSize<Products>(s.units, s.message()) : 0);
    steps.gates = scratch.take(s.rows() * s.modules * s.gates());
    steps.projections = scratch.take(s.rows() * s.modules * s.projection());
    steps.hiddenGates = s.isLstm ? steps.gates : scratch.take(s.rows() * s.modules * s.gates());
    steps.out = scratch.take(s.communicates ? s.rows() * s.state() : 0);
    steps.gate = scratch.take(s.isGated ? s.rows() * s.state() : 0);
    steps.logits = scratch.take(s.rows() * s.reads() * s.modules);
    if (s.readsInSteps()) {
      readTransposed = scratch.take(packedSize<Products>(s.gates(), s.readWidth()) * s.modules);
      dReads = scratch.take(int64_t{s.batch} * s.modules * s.readWidth());
      steps.sources = s.folds() ? dInputs.x : scratch.take(s.rows() * reads.sourcesWidth());
    }
    dMessages = scratch.take(int64_t{s.batch} * s.modules * s.message());
    products = scratch.take(int64_t{s.modules} * kStepRows * s.units);
    forSums = scratch.take(sumGradientsScratch(s));
  }

  int64_t scratchUsed() const { return scratch.used(); }

  void run(Team& team) {
    std::memset(dInputs.h0, 0, sizeof(float) * s.batch * s.state());
    if (s.isLstm) std::memset(dInputs.c0, 0, sizeof(float) * s.batch * s.cell());
    team.each(s.modules + (s.communicates ? 1 : 0) + (s.isGated ? 1 : 0), [&](int item) {
      if (item < s.modules) return packModule(item);
      const bool isOut = item == s.modules;
      packTransposed(plainMatrix<Products>(isOut ? weights.commOut : weights.commGate, s.message(), s.units),
                     isOut ? outT() : gateT());
    });
    for (int t = s.steps - 1; t >= 0; t--) {
      team.each(s.batch, [&](int b) {
        if (s.readsInSteps() && t < s.steps - 1) addReads(t + 1, b);
        communicate(t, b);
      });
      team.each(s.modules, [&](int j) { stepModule(t, j); });
    }
    if (s.readsInSteps()) team.each(s.batch, [&](int b) { addReads(0, b); });
    sumGradients(s, weights, inputs.x, active, tape, steps, dWeights, dInputs.x, forSums, team);
  }

 private:
  int64_t row(int t, int b) const { return int64_t{t} * s.batch + b; }
  bool isActive(int64_t r, int j) const { return active[r * s.modules + j] != 0; }

  // Entries of row r and module j.
  float* gatesGradient(int64_t r, int j) const { return steps.gates + (r * s.modules + j) * s.gates(); }
  float* hiddenGradient(int64_t r, int j) const { return steps.hiddenGates + (r * s.modules + j) * s.gates(); }
  float* projectionGradient(int64_t r, int j) const { return steps.projections + (r * s.modules + j) * s.projection(); }
  float* outGradient(int64_t r, int j) const { return steps.out + r * s.state() + int64_t{j} * s.units; }
  float* gateGradient(int64_t r, int j) const { return steps.gate + r * s.state() + int64_t{j} * s.units; }

  Matrix<Products> hiddenT(int j) const {
    return moduleMatrix<Products>(nullptr, hiddenTransposed, j, s.gates(), s.units);
  }
  Matrix<Products> projectionT(int j) const {
    return moduleMatrix<Products>(nullptr, projectionTransposed, j, s.projection(), s.units);
  }
  Matrix<Products> readT(int j) const {
    return moduleMatrix<Products>(nullptr, readTransposed, j, s.gates(), s.readWidth());
  }
  Matrix<Products> outT() const { return packedMatrix<Products>(outTransposed, s.units, s.message()); }
  Matrix<Products> gateT() const { return packedMatrix<Products>(gateTransposed, s.units, s.message()); }

  void packModule(int j) {
    packTransposed(moduleMatrix<Products>(weights.rnnHidden, nullptr, j, s.units, s.gates()), hiddenT(j));
    if (s.readsInSteps()) {
      const float* all = s.folds() ? tape.folded : weights.rnnInput;
      packTransposed(moduleMatrix<Products>(all, nullptr, j, s.readWidth(), s.gates()), readT(j));
    }
    if (!s.communicates) return;
    packTransposed(moduleMatrix<Products>(weights.commQuery, nullptr, j, s.units, s.query()), projectionT(j));
    packTransposed(moduleMatrix<Products>(weights.commKey, nullptr, j, s.units, s.query()), projectionT(j), s.query());
    packTransposed(moduleMatrix<Products>(weights.commValue, nullptr, j, s.units, s.message()), projectionT(j),
                   2 * s.query());
  }

  // Back through what active modules read from all modules. The gradient of the state after the step is gathered in
  // dInputs.h0, that of c in dInputs.c0.
  void communicate(int t, int b) {
    const int64_t r = row(t, b);
    float* dState = dInputs.h0 + int64_t{b} * s.state();
    if (outputs.h) addScaled(s.state(), dState, 1, outputs.h + r * s.state());
    if (!s.communicates) return;
    std::memset(projectionGradient(r, 0), 0, sizeof(float) * s.modules * s.projection());
    const float *out[kMostModules] = {}, *gates[kMostModules] = {};
    float* messages[kMostModules] = {};
    int modules[kMostModules], count = 0;
    for (int j = 0; j < s.modules; j++) {
      if (!isActive(r, j)) continue;
      const int64_t offset = int64_t{j} * s.units;
      communication.addBackward(r * s.state() + offset, dState + offset, outGradient(r, j), gateGradient(r, j));
      out[count] = outGradient(r, j);
      gates[count] = gateGradient(r, j);
      messages[count] = dMessages + (int64_t{b} * s.modules + count) * s.message();
      modules[count++] = j;
    }
    multiply(outT(), count, out, messages);
    if (s.isGated) multiply(gateT(), count, gates, messages, true);
    for (int k = 0; k < count; k++)
      for (int head = 0; head < s.commHeads; head++)
        communication.attendBackward(r, head, modules[k], messages[k] + head * s.commValue, projectionGradient(r, 0));
  }

  // Back through the projections and the step of module j. A module that is not active hands its gradients on:
  // what others read of it gives none.
  void stepModule(int t, int j) {
    int listed[kStepRows], count = 0;
    for (int b = 0; b < s.batch; b++) {
      if (s.isLstm && outputs.c)
        addScaled(s.units, cellGradient(b, j), 1, outputs.c + row(t, b) * s.state() + int64_t{j} * s.units);
      if (isActive(row(t, b), j)) listed[count++] = b;
      if (count == kStepRows || (b == s.batch - 1 && count > 0)) {
        stepRows(t, j, listed, count);
        count = 0;
      }
    }
    for (int b = 0; b < s.batch; b++) {
      const float keep = inputs.keep[row(t, b)];
      if (keep == 1) continue;
      for (int i = 0; i < s.units; i++) stateGradient(b, j)[i] *= keep;
      for (int i = 0; s.isLstm && i < s.units; i++) cellGradient(b, j)[i] *= keep;
    }
  }

  float* stateGradient(int b, int j) const { return dInputs.h0 + int64_t{b} * s.state() + int64_t{j} * s.units; }
  float* cellGradient(int b, int j) const { return dInputs.c0 + int64_t{b} * s.state() + int64_t{j} * s.units; }

  void stepRows(int t, int j, const int* listed, int count) {
    const float *projections[kStepRows], *gates[kStepRows];
    float* from[kStepRows];
    for (int i = 0; i < count; i++) {
      projections[i] = projectionGradient(row(t, listed[i]), j);
      gates[i] = hiddenGradient(row(t, listed[i]), j);
      from[i] = products + (int64_t{j} * kStepRows + i) * s.units;
    }
    if (s.communicates) multiply(projectionT(j), count, projections, from);
    else std::memset(from[0], 0, sizeof(float) * count * s.units);
    for (int i = 0; i < count; i++) stepCell(row(t, listed[i]), listed[i], j, from[i]);
    if (s.readsInSteps()) backToReads(t, j, listed, count);
    multiply(hiddenT(j), count, gates, from);
    for (int i = 0; i < count; i++) {
      float* dState = stateGradient(listed[i], j);
      addScaled(s.units, dState, 1, from[i]);
      for (int p = 0; p < s.reads() && s.attendsToInput; p++) {
        const int64_t entry = (row(t, listed[i]) * s.reads() + p) * s.modules + j;
        addScaled(s.units, dState, steps.logits[entry], tape.pull + entry * s.units);
      }
    }
  }

  // @param fromProjections gradient (m) that reached the new state through query, key and value
  void stepCell(int64_t r, int b, int j, const float* fromProjections) {
    const int64_t state = r * s.state() + int64_t{j} * s.units;
    const float* gates = tape.gates + (r * s.modules + j) * s.gates();
    if (s.isLstm)
      lstmBackward(s.units, gates, tape.inner + state, tape.cBefore + state, stateGradient(b, j), fromProjections,
                   cellGradient(b, j), gatesGradient(r, j));
    else
      gruBackward(s.units, gates, tape.inner + state, tape.hBefore + state, stateGradient(b, j), fromProjections,
                  gatesGradient(r, j), hiddenGradient(r, j));
    if (s.readsInSteps()) return;
    attendToInput(r, j, [&](int e, int head) {
      const int64_t entry = (r * s.reads() + e * s.inputHeads + head) * s.modules + j;
      return dot(gatesGradient(r, j), tape.inputGates + entry * s.gates(), s.gates());
    });
  }

  float* readGradient(int b, int j) const { return dReads + (int64_t{b} * s.modules + j) * s.readWidth(); }

  // Gradients of what module j read, and of its attention, from those of its gates.
  void backToReads(int t, int j, const int* listed, int count) {
    const float* gates[kStepRows];
    float* dRead[kStepRows];
    for (int i = 0; i < count; i++) {
      gates[i] = gatesGradient(row(t, listed[i]), j);
      dRead[i] = readGradient(listed[i], j);
    }
    multiply(readT(j), count, gates, dRead);
    for (int i = 0; i < count; i++) {
      const int64_t r = row(t, listed[i]);
      reads.drop(r, j, dRead[i]);
      attendToInput(r, j, [&](int e, int head) { return reads.dAttention(r, e, head, dRead[i]); });
    }
  }

  // Gradients of the values, or of x, of a row whose modules have all gone back.
  void addReads(int t, int b) {
    const int64_t r = row(t, b);
    float* to = steps.sources + r * reads.sourcesWidth();
    std::memset(to, 0, sizeof(float) * reads.sourcesWidth());
    for (int j = 0; j < s.modules; j++)
      if (isActive(r, j)) reads.addGradients(j, tape.attention + r * s.reads() * s.modules, readGradient(b, j), to);
  }

  // Gradient of the logits of module j: softmax over null and the elements, per head.
  // @param dAttention(e, head) gives that of the attention
  template <class Gradient>
  void attendToInput(int64_t r, int j, const Gradient& dAttention) {
    for (int head = 0; head < s.inputHeads && s.attendsToInput; head++) attendHead(r, j, head, dAttention);
  }

  template <class Gradient>
  void attendHead(int64_t r, int j, int head, const Gradient& dAttention) {
    float mean = 0;
    for (int e = 0; e < s.elements; e++) {
      const int64_t entry = (r * s.reads() + e * s.inputHeads + head) * s.modules + j;
      steps.logits[entry] = dAttention(e, head);
      mean += tape.attention[entry] * steps.logits[entry];
    }
    for (int e = 0; e < s.elements; e++) {
      const int64_t entry = (r * s.reads() + e * s.inputHeads + head) * s.modules + j;
      steps.logits[entry] = tape.attention[entry] * (steps.logits[entry] - mean);
    }
  }

  const RimSizes s;
  const RimWeights<const float> weights;
  const RimInputs inputs;
  const float* const active;
  const RimTape tape;
  const RimOutputGradients outputs;
  const RimWeights<float> dWeights;
  const RimInputGradients dInputs;
  const Reads reads;
  const Communication communication;
  Scratch scratch;
  float *hiddenTransposed, *projectionTransposed, *outTransposed, *gateTransposed;  // packed
  float *readTransposed = nullptr, *dReads = nullptr;  // packed; (B, n, readWidth) of one step
  RimStepGradients steps = {};
  float *dMessages, *products;  // of the rows at hand
  float* forSums;
};

}  // namespace

int64_t rimBackwardScratch(const RimSizes& sizes) {
  return withProducts(sizes.bf16, [&](auto products) {
    return Backward<decltype(products)>(sizes, {}, {}, nullptr, {}, {}, {}, {}, nullptr).scratchUsed();
  });
}

void rimBackward(const RimSizes& sizes, const RimWeights<const float>& weights, const RimInputs& inputs,
                 const float* active, const RimTape& tape, const RimOutputGradients& outputGradients,
                 const RimWeights<float>& weightGradients, const RimInputGradients& inputGradients, float* scratch,
                 Team& team) {
  withProducts(sizes.bf16, [&](auto products) {
    Backward<decltype(products)>(sizes, weights, inputs, active, tape, outputGradients, weightGradients, inputGradients,
                                 scratch)
        .run(team);
  });
}

}  // namespace ISA
}  // namespace rim_agents
