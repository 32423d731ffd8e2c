#include "rim_cells.h"
#include "rim_communication.h"
#include "rim_competition.h"
#include "rim_reads.h"
#include "rim_stages.h"
#include "scratch.h"
#include "vector.h"

namespace rim_agents {
namespace ISA {
namespace {

template <class Products>
class Forward {
 public:
  Forward(const RimSizes& sizes, const RimWeights<const float>& weights, const RimInputs& inputs,
          const RimOutputs& outputs, const RimTape& tape, bool isRecording, float* base)
      : s(sizes), weights(weights), inputs(inputs), out(outputs), tape(tape), isRecording(isRecording),
        reads(sizes, inputs.x, tape), communication(sizes, weights, tape), scratch(base) {
    if (s.readsInSteps()) {
      if (isWorthPacking(s)) packedRead = scratch.take(packedSize<Products>(s.readWidth(), s.gates()) * s.modules);
      readRows = scratch.take(int64_t{s.modules} * kStepRows * s.readWidth());
      readGates = scratch.take(int64_t{s.modules} * kStepRows * s.gates());
    }
    if (isWorthPacking(s)) {
      packedHidden = scratch.take(packedSize<Products>(s.units, s.gates()) * s.modules);
      packedQuery = scratch.take(packedSize<Products>(s.units, s.query()) * s.modules);
      packedKey = scratch.take(packedSize<Products>(s.units, s.query()) * s.modules);
      packedValue = scratch.take(packedSize<Products>(s.units, s.message()) * s.modules);
      packedOut = scratch.take(packedSize<Products>(s.message(), s.units));
      packedGate = scratch.take(s.isGated ? packedSize<Products>(s.message(), s.units) : 0);
    }
    if (!s.isGated) heard = scratch.take(int64_t{s.batch} * s.state());
    forProjection = scratch.take(projectScratch(s));
  }

  int64_t scratchUsed() const { return scratch.used(); }

  void run(Team& team) {
    project(s, weights, inputs.x, tape, forProjection, team);
    if (packedHidden) team.each(s.modules + 1, [&](int j) { j < s.modules ? packModule(j) : packShared(); });
    team.each(s.batch, [&](int b) { beginStep(0, b); });
    for (int t = 0; t < s.steps; t++) {
      team.each(s.modules, [&](int j) { stepModule(t, j); });
      team.each(s.batch, [&](int b) {
        if (s.communicates) communicate(t, b);
        if (t + 1 < s.steps) beginStep(t + 1, b);
      });
    }
  }

 private:
  int64_t row(int t, int b) const { return int64_t{t} * s.batch + b; }
  // Row in the arrays of the recursion.
  int64_t tapeRow(int t, int b) const { return isRecording ? row(t, b) : b; }
  float* attentionOf(int64_t tapeRow) const { return tape.attention + tapeRow * s.reads() * s.modules; }
  bool isActive(int t, int b, int j) const { return out.active[row(t, b) * s.modules + j] != 0; }

  Matrix<Products> rnnHidden(int j) const {
    return moduleMatrix<Products>(weights.rnnHidden, packedHidden, j, s.units, s.gates());
  }
  // What module j's gates take of its read.
  Matrix<Products> readMatrix(int j) const {
    return moduleMatrix<Products>(s.folds() ? tape.folded : weights.rnnInput, packedRead, j, s.readWidth(), s.gates());
  }
  Matrix<Products> commQuery(int j) const {
    return moduleMatrix<Products>(weights.commQuery, packedQuery, j, s.units, s.query());
  }
  Matrix<Products> commKey(int j) const {
    return moduleMatrix<Products>(weights.commKey, packedKey, j, s.units, s.query());
  }
  Matrix<Products> commValue(int j) const {
    return moduleMatrix<Products>(weights.commValue, packedValue, j, s.units, s.message());
  }

  void packModule(int j) {
    const auto packOne = [&](const float* all, const Matrix<Products>& to) {
      packMatrix(moduleMatrix<Products>(all, nullptr, j, to.rows, to.columns), to);
    };
    packOne(weights.rnnHidden, rnnHidden(j));
    if (packedRead) packOne(s.folds() ? tape.folded : weights.rnnInput, readMatrix(j));
    packOne(weights.commQuery, commQuery(j));
    packOne(weights.commKey, commKey(j));
    packOne(weights.commValue, commValue(j));
  }

  // What all modules share.
  Matrix<Products> commOut() const {
    return moduleMatrix<Products>(weights.commOut, packedOut, 0, s.message(), s.units);
  }
  Matrix<Products> commGate() const {
    return moduleMatrix<Products>(weights.commGate, packedGate, 0, s.message(), s.units);
  }

  void packShared() {
    packMatrix(plainMatrix<Products>(weights.commOut, s.message(), s.units), commOut());
    if (s.isGated) packMatrix(plainMatrix<Products>(weights.commGate, s.message(), s.units), commGate());
  }

  // Reset, attention to the input, competition. All modules' next states are first their states before the step.
  void beginStep(int t, int b) {
    const int64_t r = row(t, b), tr = tapeRow(t, b);
    const int size = s.state();
    const float keep = inputs.keep[r];
    const float* h = t ? out.h + row(t - 1, b) * size : inputs.h0 + int64_t{b} * size;
    float *hBefore = tape.hBefore + tr * size, *hAfter = out.h + r * size;
    float* source = s.communicates ? tape.source + tr * size : hAfter;
    forEachBlock(size, [&](int i, int lanes) {
      const Vec kept = loadBlock(h + i, lanes) * keep;
      storeBlock(hBefore + i, kept, lanes);
      storeBlock(source + i, kept, lanes);
      storeBlock(hAfter + i, kept, lanes);
    });
    const float* c = t ? out.c + row(t - 1, b) * s.cell() : inputs.c0 + int64_t{b} * s.cell();
    float *cBefore = tape.cBefore + tr * s.cell(), *cAfter = out.c + r * s.cell();
    forEachBlock(s.cell(), [&](int i, int lanes) {
      const Vec kept = loadBlock(c + i, lanes) * keep;
      storeBlock(cBefore + i, kept, lanes);
      storeBlock(cAfter + i, kept, lanes);
    });
    attendToInput(r, hBefore, attentionOf(tr), out.nullAttention + r * s.modules);
    compete(s, out.nullAttention + r * s.modules, out.active + r * s.modules);
  }

  // Softmax over null, whose logit is 0, and the elements, per head; or the mean of the elements.
  // @param attention gets (reads, n) @param nullAttention gets the mean over heads, (n)
  void attendToInput(int64_t r, const float* h, float* attention, float* nullAttention) const {
    const int n = s.modules;
    if (!s.attendsToInput) {
      for (int i = 0; i < s.reads() * n; i++) attention[i] = 1 / static_cast<float>(s.elements);
      for (int j = 0; j < n; j++) nullAttention[j] = 0;
      return;
    }
    for (int p = 0; p < s.reads(); p++)
      for (int j = 0; j < n; j++) {
        const int64_t entry = (r * s.reads() + p) * n + j;
        attention[p * n + j] = dot(h + j * s.units, tape.pull + entry * s.units, s.units);
      }
    forEachBlock(n, [&](int j, int lanes) {
      Vec nullSum = {};
      for (int head = 0; head < s.inputHeads; head++) nullSum += attendHead(s, attention + head * n + j, lanes);
      storeBlock(nullAttention + j, nullSum / static_cast<float>(s.inputHeads), lanes);
    });
  }

  // Step of module j where it is active (or its candidate is read), then its query, key and value.
  void stepModule(int t, int j) {
    forSamples([&](int b) { return isActive(t, b, j); },
               [&](const int* listed, int count) { stepRows(t, j, listed, count, true); });
    if (!s.communicates) return;
    forSamples([&](int b) { return !isActive(t, b, j) && (s.readsCandidate || !reuseProjection(t, b, j)); },
               [&](const int* listed, int count) {
                 if (s.readsCandidate) stepRows(t, j, listed, count, false);
                 else projectRows(t, j, listed, count);
               });
  }

  // Calls work(samples, count) for the samples that are wanted, up to kStepRows at a time.
  template <class Wanted, class Work>
  void forSamples(const Wanted& isWanted, const Work& work) const {
    int listed[kStepRows], count = 0;
    for (int b = 0; b < s.batch; b++) {
      if (isWanted(b)) listed[count++] = b;
      if (count < kStepRows && b < s.batch - 1) continue;
      if (count > 0) work(listed, count);
      count = 0;
    }
  }

  // Rows of module j in an array of the tape, (n, size) per sample, for the listed samples of step t.
  template <class Float>
  void gather(float* array, int size, int t, int j, const int* listed, int count, Float** rows) const {
    for (int i = 0; i < count; i++) rows[i] = array + (tapeRow(t, listed[i]) * s.modules + j) * size;
  }

  // @param areActive else they only make candidates, which ask nothing
  void stepRows(int t, int j, const int* listed, int count, bool areActive) {
    const float *before[kStepRows], *source[kStepRows];
    float *gates[kStepRows], *query[kStepRows];
    gather(tape.hBefore, s.units, t, j, listed, count, before);
    gather(tape.gates, s.gates(), t, j, listed, count, gates);
    multiply(rnnHidden(j), count, before, gates);
    if (s.readsInSteps()) readInput(t, j, listed, count);
    for (int i = 0; i < count; i++)
      stepCell(t, listed[i], j, gates[i], readGates + (int64_t{j} * kStepRows + i) * s.gates(), areActive);
    if (!s.communicates) return;
    if (areActive) {
      gather(tape.source, s.units, t, j, listed, count, source);
      gather(tape.projections, s.projection(), t, j, listed, count, query);
      multiply(commQuery(j), count, source, query);
    }
    projectRows(t, j, listed, count);
  }

  // Fills rows of readGates.
  void readInput(int t, int j, const int* listed, int count) {
    const float* rows[kStepRows];
    float* gates[kStepRows];
    for (int i = 0; i < count; i++) {
      const int64_t at = int64_t{j} * kStepRows + i;
      reads.read(row(t, listed[i]), j, attentionOf(tapeRow(t, listed[i])), readRows + at * s.readWidth());
      rows[i] = readRows + at * s.readWidth();
      gates[i] = readGates + at * s.gates();
    }
    multiply(readMatrix(j), count, rows, gates);
  }

  // Key and value.
  void projectRows(int t, int j, const int* listed, int count) {
    const float* source[kStepRows];
    float *key[kStepRows], *value[kStepRows];
    gather(tape.source, s.units, t, j, listed, count, source);
    gather(tape.projections + s.query(), s.projection(), t, j, listed, count, key);
    gather(tape.projections + 2 * s.query(), s.projection(), t, j, listed, count, value);
    multiply(commKey(j), count, source, key);
    multiply(commValue(j), count, source, value);
  }

  // A module that was inactive in the step before too, without a reset between, has its key and value from there.
  // Copies them and says so.
  bool reuseProjection(int t, int b, int j) {
    if (t == 0 || inputs.keep[row(t, b)] != 1 || isActive(t - 1, b, j)) return false;
    const float* from = tape.projections + (tapeRow(t - 1, b) * s.modules + j) * s.projection() + s.query();
    float* to = tape.projections + (tapeRow(t, b) * s.modules + j) * s.projection() + s.query();
    const int size = s.query() + s.message();
    if (to != from)
      forEachBlock(size, [&](int i, int lanes) { storeBlock(to + i, loadBlock(from + i, lanes), lanes); });
    return true;
  }

  // @param gates the hidden product; becomes the gates @param fromRead with readsInSteps() the input product
  void stepCell(int t, int b, int j, float* gates, const float* fromRead, bool isActive) {
    const int64_t r = row(t, b), tr = tapeRow(t, b), offset = int64_t{j} * s.units;
    const int64_t perRead = int64_t{s.modules} * s.gates();
    const float one = 1;
    const float* bias = weights.rnnBias + int64_t{j} * s.gates();
    InputShare input = {fromRead, &one, 0, 0, 1, bias};
    if (!s.readsInSteps())
      input = {tape.inputGates + r * s.reads() * perRead + int64_t{j} * s.gates(),
               attentionOf(tr) + j, perRead, s.modules, s.reads(), bias};
    float* inner = tape.inner + tr * s.state() + offset;
    float* after = (s.communicates ? tape.source + tr * s.state() : out.h + r * s.state()) + offset;
    if (s.isLstm)
      lstmForward(s.units, input, tape.cBefore + tr * s.state() + offset, gates, inner, after,
                  isActive ? out.c + r * s.state() + offset : nullptr);
    else
      gruForward(s.units, input, weights.rnnHiddenBias + int64_t{j} * s.gates(), tape.hBefore + tr * s.state() + offset,
                 gates, inner, after);
  }

  // What active modules read from all modules, added to their states.
  void communicate(int t, int b) {
    const int64_t tr = tapeRow(t, b);
    const float* projections = tape.projections + tr * s.modules * s.projection();
    const float* messages[kMostModules] = {};
    float *sums[kMostModules] = {}, *gates[kMostModules] = {};
    int modules[kMostModules], count = 0;
    for (int j = 0; j < s.modules; j++) {
      if (!isActive(t, b, j)) continue;
      float* message = tape.message + (tr * s.modules + j) * s.message();
      for (int head = 0; head < s.commHeads; head++) {
        float* attention = tape.commAttention + ((tr * s.commHeads + head) * s.modules + j) * s.modules;
        communication.attend(row(t, b), projections, head, j, attention, message + head * s.commValue);
      }
      messages[count] = message;
      sums[count] =
          s.isGated ? tape.told + (tr * s.modules + j) * s.units : heard + (int64_t{b} * s.modules + count) * s.units;
      gates[count] = tape.gate + (tr * s.modules + j) * s.units;
      modules[count++] = j;
    }
    multiply(commOut(), count, messages, sums);
    if (s.isGated) multiply(commGate(), count, messages, gates);
    for (int k = 0; k < count; k++) {
      const int64_t offset = int64_t{modules[k]} * s.units;
      const float* source = tape.source + tr * s.state() + offset;
      const int64_t first = row(t, b) * s.state() + offset;
      if (s.isGated) communication.addGated(first, source, sums[k], gates[k], out.h + first);
      else communication.addPlain(first, source, sums[k], out.h + first);
    }
  }

  const RimSizes s;
  const RimWeights<const float> weights;
  const RimInputs inputs;
  const RimOutputs out;
  const RimTape tape;
  const bool isRecording;
  const Reads reads;
  const Communication communication;
  Scratch scratch;
  float *packedHidden = nullptr, *packedQuery = nullptr, *packedKey = nullptr, *packedValue = nullptr;
  float *packedOut = nullptr, *packedGate = nullptr, *packedRead = nullptr;
  float *readRows = nullptr, *readGates = nullptr;  // (n, kStepRows) each, what modules read and its product
  float* heard = nullptr;  // (B, k, m): what plain communication adds
  float* forProjection;
};

}  // namespace

int64_t rimForwardScratch(const RimSizes& sizes) {
  return withProducts(sizes.bf16, [&](auto products) {
    return Forward<decltype(products)>(sizes, {}, {}, {}, {}, false, nullptr).scratchUsed();
  });
}

void rimForward(const RimSizes& sizes, const RimWeights<const float>& weights, const RimInputs& inputs,
                const RimOutputs& outputs, const RimTape& tape, bool isRecording, float* scratch, Team& team) {
  withProducts(sizes.bf16, [&](auto products) {
    Forward<decltype(products)>(sizes, weights, inputs, outputs, tape, isRecording, scratch).run(team);
  });
}

}  // namespace ISA
}  // namespace rim_agents
