#include "rim_stages.h"
#include "scratch.h"

namespace rim_agents {
namespace ISA {
namespace {

constexpr int kBlockRows = 32;     // rows of one item
constexpr int kBlockColumns = 64;  // columns of x whose share of the weights' gradients is one item

class GradientSums {
 public:
  GradientSums(const RimSizes& sizes, const RimWeights<const float>& weights, const float* x, const float* active,
               const RimTape& tape, const RimStepGradients& steps, const RimWeights<float>& weightGradients, float* dx,
               float* base)
      : s(sizes), weights(weights), x(x), active(active), tape(tape), steps(steps), dWeights(weightGradients), dx(dx),
        scratch(base) {
    inputTransposed = scratch.take(packedSize(s.gates(), s.inputValue) * s.modules);
    valueTransposed = scratch.take(packedSize(s.inputValue, s.input));
    keyTransposed = scratch.take(packedSize(s.inputKey, s.input));
    dValue = scratch.take(s.rows() * s.inputValue);
    dKey = scratch.take(s.rows() * s.inputKey);
    products = scratch.take(int64_t{blocks()} * kBlockRows * (s.inputValue + s.inputKey));
  }

  int64_t scratchUsed() const { return scratch.used(); }

  void run(Team& team) {
    team.each(s.modules + 2, [&](int item) {
      if (item < s.modules)
        return packTransposed(moduleMatrix(weights.rnnInput, nullptr, item, s.inputValue, s.gates()), inputT(item));
      if (item == s.modules) return packTransposed(plainMatrix(weights.inputValue, s.input, s.inputValue), valueT());
      packTransposed(plainMatrix(weights.inputKey, s.input, s.inputKey), keyT());
    });
    team.each(blocks(), [&](int block) { projectInput(block); });
    sumWeightGradients(team);
  }

 private:
  int blocks() const { return static_cast<int>((s.rows() + kBlockRows - 1) / kBlockRows); }
  float keyScale() const { return 1 / squareRoot(static_cast<float>(s.inputKey)); }

  // Entries of row r and module j.
  bool isActive(int64_t r, int j) const { return active[r * s.modules + j] != 0; }
  const float* before(int64_t r, int j) const { return tape.hBefore + r * s.state() + int64_t{j} * s.units; }
  const float* source(int64_t r, int j) const { return tape.source + r * s.state() + int64_t{j} * s.units; }
  const float* gatesGradient(int64_t r, int j) const { return steps.gates + (r * s.modules + j) * s.gates(); }
  const float* projectionGradient(int64_t r, int j) const {
    return steps.projections + (r * s.modules + j) * s.projection();
  }
  const float* outGradient(int64_t r, int j) const { return steps.out + r * s.state() + int64_t{j} * s.units; }

  Matrix inputT(int j) const { return moduleMatrix(nullptr, inputTransposed, j, s.gates(), s.inputValue); }
  Matrix valueT() const { return packedMatrix(valueTransposed, s.inputValue, s.input); }
  Matrix keyT() const { return packedMatrix(keyTransposed, s.inputKey, s.input); }

  // Gradients of value, key and x for the rows of a block.
  void projectInput(int block) {
    const int64_t first = int64_t{block} * kBlockRows;
    const int64_t end = first + kBlockRows < s.rows() ? first + kBlockRows : s.rows();
    const int count = static_cast<int>(end - first);
    std::memset(dValue + first * s.inputValue, 0, sizeof(float) * count * s.inputValue);
    std::memset(dKey + first * s.inputKey, 0, sizeof(float) * count * s.inputKey);
    for (int j = 0; j < s.modules; j++) addModule(first, end, j, products + first * (s.inputValue + s.inputKey));
    const float *values[kBlockRows] = {}, *keys[kBlockRows] = {};
    float* inputs[kBlockRows] = {};
    for (int i = 0; i < count; i++) {
      values[i] = dValue + (first + i) * s.inputValue;
      keys[i] = dKey + (first + i) * s.inputKey;
      inputs[i] = dx + (first + i) * s.input;
    }
    multiply(valueT(), count, values, inputs);
    multiply(keyT(), count, keys, inputs, true);
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
    multiply(moduleMatrix(weights.inputQuery, nullptr, j, s.units, s.inputKey), count, states, queries);
    for (int i = 0; i < count; i++) {
      const int64_t r = listed[i];
      addScaled(s.inputValue, dValue + r * s.inputValue, tape.attention[r * s.modules + j], values[i]);
      addScaled(s.inputKey, dKey + r * s.inputKey, keyScale() * steps.logits[r * s.modules + j], queries[i]);
    }
  }

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
      if (isActive(r, j))
        sum.add(tape.value + r * s.inputValue, gatesGradient(r, j), tape.attention[r * s.modules + j]);
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
      query.add(before(r, j), tape.key + r * s.inputKey, keyScale() * steps.logits[r * s.modules + j]);
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
      value.add(x + r * s.input + begin, dValue + r * s.inputValue);
      key.add(x + r * s.input + begin, dKey + r * s.inputKey);
    }
    value.finish();
    key.finish();
  }

  const RimSizes s;
  const RimWeights<const float> weights;
  const float *const x, *const active;
  const RimTape tape;
  const RimStepGradients steps;
  const RimWeights<float> dWeights;
  float* const dx;
  Scratch scratch;
  float *inputTransposed, *valueTransposed, *keyTransposed;  // packed
  float *dValue, *dKey, *products;                           // per row; products: of one module
};

}  // namespace

int64_t sumGradientsScratch(const RimSizes& sizes) {
  return GradientSums(sizes, {}, nullptr, nullptr, {}, {}, {}, nullptr, nullptr).scratchUsed();
}

void sumGradients(const RimSizes& sizes, const RimWeights<const float>& weights, const float* x, const float* active,
                  const RimTape& tape, const RimStepGradients& steps, const RimWeights<float>& weightGradients,
                  float* dx, float* scratch, Team& team) {
  GradientSums(sizes, weights, x, active, tape, steps, weightGradients, dx, scratch).run(team);
}

}  // namespace ISA
}  // namespace rim_agents
