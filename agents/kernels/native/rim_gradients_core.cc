#include "outer_products.h"
#include "rim_dropout.h"
#include "rim_stages.h"
#include "scratch.h"

namespace rim_agents {
namespace ISA {
namespace {

constexpr int kBlockRows = 32;     // rows of one item
constexpr int kBlockColumns = 64;  // columns of x whose share of the weights' gradients is one item

template <class Products>
class GradientSums {
 public:
  GradientSums(const RimSizes& sizes, const RimWeights<const float>& weights, const float* x, const float* active,
               const RimTape& tape, const RimStepGradients& steps, const RimWeights<float>& weightGradients, float* dx,
               float* base)
      : s(sizes), weights(weights), x(x), active(active), tape(tape), steps(steps), dWeights(weightGradients), dx(dx),
        dropout(sizes, DropoutSite::read), scratch(base) {
    if (needsInputT()) inputTransposed = scratch.take(packedSize<Products>(s.gates(), s.values()) * s.modules);
    folded = scratch.take(s.folds() ? int64_t{s.modules} * s.input * s.gates() : 0);
    for (int e = 0; e < s.elements; e++) {
      valueTransposed[e] = scratch.take(packedSize<Products>(s.values(), s.elementWidths[e]));
      keyTransposed[e] = scratch.take(packedSize<Products>(s.keys(), s.elementWidths[e]));
    }
    dValue = s.readsInSteps() ? steps.sources : scratch.take(s.rows() * s.elements * s.values());
    dKey = scratch.take(s.rows() * s.elements * s.keys());
    products = scratch.take(int64_t{blocks()} * kBlockRows * (s.values() + s.keys()));
    dropped = scratch.take(s.drops ? int64_t{Team::kMostMembers} * kBlockRows * s.inputValue : 0);
  }

  int64_t scratchUsed() const { return scratch.used(); }

  void run(Team& team) {
    team.each(s.modules + 2 * s.elements, [&](int item) {
      if (item < s.modules) {
        if (needsInputT())
          packTransposed(moduleMatrix<Products>(weights.rnnInput, nullptr, item, s.values(), s.gates()), inputT(item));
        return;
      }
      const int e = (item - s.modules) / 2, begin = s.elementBegin(e), width = s.elementWidths[e];
      if ((item - s.modules) % 2 == 0)
        return packTransposed(
            plainMatrix<Products>(weights.inputValue + int64_t{begin} * s.values(), width, s.values()), valueT(e));
      if (!s.attendsToInput) return;
      packTransposed(plainMatrix<Products>(weights.inputKey + int64_t{begin} * s.keys(), width, s.keys()), keyT(e));
    });
    team.each(blocks(), [&](int block) { projectInput(block); });
    sumWeightGradients(team);
    if (s.folds()) team.each(divideUp(s.input, kBlockRows), [&](int block) { unfold(block); });
  }

 private:
  bool needsInputT() const { return !s.readsInSteps() || s.folds(); }
  int blocks() const { return static_cast<int>((s.rows() + kBlockRows - 1) / kBlockRows); }
  float keyScale() const { return 1 / squareRoot(static_cast<float>(s.inputKey)); }

  // Entries of row r and module j.
  bool isActive(int64_t r, int j) const { return active[r * s.modules + j] != 0; }
  const float* before(int64_t r, int j) const { return tape.hBefore + r * s.state() + int64_t{j} * s.units; }
  const float* source(int64_t r, int j) const { return tape.source + r * s.state() + int64_t{j} * s.units; }
  const float* gatesGradient(int64_t r, int j) const { return steps.gates + (r * s.modules + j) * s.gates(); }
  const float* hiddenGradient(int64_t r, int j) const { return steps.hiddenGates + (r * s.modules + j) * s.gates(); }
  const float* projectionGradient(int64_t r, int j) const {
    return steps.projections + (r * s.modules + j) * s.projection();
  }
  const float* outGradient(int64_t r, int j) const { return steps.out + r * s.state() + int64_t{j} * s.units; }
  // Entries of row r, read p = (element e, head) and module j.
  int64_t entry(int64_t r, int e, int head, int j) const {
    return (r * s.reads() + e * s.inputHeads + head) * s.modules + j;
  }
  float attention(int64_t r, int e, int head, int j) const { return tape.attention[entry(r, e, head, j)]; }
  float dLogit(int64_t r, int e, int head, int j) const { return keyScale() * steps.logits[entry(r, e, head, j)]; }
  // Where a head of element e begins in the values, or keys, of row r.
  int64_t valueOf(int64_t r, int e, int head) const { return (r * s.elements + e) * s.values() + head * s.inputValue; }
  int64_t keyOf(int64_t r, int e, int head) const { return (r * s.elements + e) * s.keys() + head * s.inputKey; }

  Matrix<Products> inputT(int j) const {
    return moduleMatrix<Products>(nullptr, inputTransposed, j, s.gates(), s.values());
  }
  Matrix<Products> valueT(int e) const {
    return packedMatrix<Products>(valueTransposed[e], s.values(), s.elementWidths[e]);
  }
  Matrix<Products> keyT(int e) const { return packedMatrix<Products>(keyTransposed[e], s.keys(), s.elementWidths[e]); }

  // Gradients of value, key and x for the rows of a block.
  void projectInput(int block) {
    const int64_t first = int64_t{block} * kBlockRows;
    const int64_t end = first + kBlockRows < s.rows() ? first + kBlockRows : s.rows();
    const int count = static_cast<int>(end - first), values = s.elements * s.values(), keys = s.elements * s.keys();
    if (!s.readsInSteps()) std::memset(dValue + first * values, 0, sizeof(float) * count * values);
    std::memset(dKey + first * keys, 0, sizeof(float) * count * keys);
    for (int j = 0; j < s.modules; j++) addModule(first, end, j, products + first * (s.values() + s.keys()));
    for (int e = 0; e < s.elements; e++) {
      const float *valueRows[kBlockRows] = {}, *keyRows[kBlockRows] = {};
      float* inputs[kBlockRows] = {};
      for (int i = 0; i < count; i++) {
        if (!s.folds()) valueRows[i] = dValue + valueOf(first + i, e, 0);
        keyRows[i] = dKey + keyOf(first + i, e, 0);
        inputs[i] = dx + (first + i) * s.input + s.elementBegin(e);
      }
      if (!s.folds()) multiply(valueT(e), count, valueRows, inputs);
      if (s.attendsToInput) multiply(keyT(e), count, keyRows, inputs, true);
    }
  }

  // Adds module j's share to the gradients of value and key in rows [first, end). @param room for (rows, Hi (dv + dk))
  void addModule(int64_t first, int64_t end, int j, float* room) {
    const float *gates[kBlockRows], *states[kBlockRows];
    float *values[kBlockRows], *queries[kBlockRows];
    int64_t listed[kBlockRows];
    int count = 0;
    for (int64_t r = first; r < end; r++) {
      if (!isActive(r, j)) continue;
      gates[count] = gatesGradient(r, j);
      states[count] = before(r, j);
      values[count] = room + int64_t{count} * (s.values() + s.keys());
      queries[count] = values[count] + s.values();
      listed[count++] = r;
    }
    if (!s.readsInSteps()) multiply(inputT(j), count, gates, values);
    if (s.attendsToInput)
      multiply(moduleMatrix<Products>(weights.inputQuery, nullptr, j, s.units, s.keys()), count, states, queries);
    if (dropout.isOn() && !s.readsInSteps())
      for (int i = 0; i < count; i++)
        dropout.apply(s.values(), (listed[i] * s.modules + j) * s.values(), values[i], values[i]);
    for (int i = 0; i < count; i++)
      for (int e = 0; e < s.elements; e++)
        for (int head = 0; head < s.inputHeads; head++) {
          const int64_t r = listed[i];
          if (!s.readsInSteps())
            addScaled(s.inputValue, dValue + valueOf(r, e, head), attention(r, e, head, j),
                      values[i] + head * s.inputValue);
          if (!s.attendsToInput) continue;
          addScaled(s.inputKey, dKey + keyOf(r, e, head), dLogit(r, e, head, j), queries[i] + head * s.inputKey);
        }
  }

  void sumWeightGradients(Team& team) {
    const int n = s.modules, inputs = n * s.inputHeads;
    int columnBlocks = 0;
    for (int e = 0; e < s.elements; e++) columnBlocks += divideUp(s.elementWidths[e], kBlockColumns);
    // The largest first, so that threads end at about the same time.
    team.eachByMember(inputs + 2 + 2 * n + columnBlocks, [&](int item, int member) {
      if (item < inputs && s.folds()) return sumFolded(item);
      if (item < inputs)
        return sumRnnInput(item / s.inputHeads, item % s.inputHeads,
                           dropped + int64_t{member} * kBlockRows * s.inputValue);
      item -= inputs;
      if (item == 0) return s.communicates ? sumComm(dWeights.commOut, dWeights.commOutBias, steps.out) : void();
      if (item == 1) return s.isGated ? sumComm(dWeights.commGate, dWeights.commGateBias, steps.gate) : void();
      item -= 2;
      if (item < n) return s.communicates ? sumProjections(item) : void();
      if (item < 2 * n) return sumRnnHidden(item - n);
      sumInput(item - 2 * n);
    });
  }

  // The rows of module j's rnnInput that a head's value meets.
  // @param room for values without what is dropped, (kBlockRows, dv)
  void sumRnnInput(int j, int head, float* room) {
    const int64_t begin = (int64_t{j} * s.inputHeads + head) * s.inputValue * s.gates();
    OuterProducts<Products> sum(dWeights.rnnInput + begin, s.inputValue, s.gates());
    int count = 0;
    for (int64_t r = 0; r < s.rows(); r++)
      for (int e = 0; e < s.elements && isActive(r, j); e++) {
        const float* value = tape.value + valueOf(r, e, head);
        if (dropout.isOn()) {
          if (count == kBlockRows) {
            sum.finish();
            count = 0;
          }
          float* kept = room + int64_t{count++} * s.inputValue;
          dropout.apply(s.inputValue, (r * s.modules + j) * s.values() + head * s.inputValue, value, kept);
          value = kept;
        }
        sum.add(value, gatesGradient(r, j), attention(r, e, head, j));
      }
    sum.finish();
  }

  // Gradient of Wv W_ih of module j, and of W_ih by it.
  void sumFolded(int j) {
    float* gradient = folded + int64_t{j} * s.input * s.gates();
    for (int e = 0; e < s.elements; e++) {
      OuterProducts<Products> sum(gradient + int64_t{s.elementBegin(e)} * s.gates(), s.elementWidths[e], s.gates());
      for (int64_t r = 0; r < s.rows(); r++)
        if (isActive(r, j))
          sum.add(x + r * s.input + s.elementBegin(e), gatesGradient(r, j), attention(r, e, 0, j));
      sum.finish();
    }
    OuterProducts<Products> sum(dWeights.rnnInput + int64_t{j} * s.values() * s.gates(), s.values(), s.gates());
    for (int i = 0; i < s.input; i++)
      sum.add(weights.inputValue + int64_t{i} * s.values(), gradient + int64_t{i} * s.gates());
    sum.finish();
  }

  // Gradient of Wv by those of Wv W_ih, kBlockRows rows of it.
  void unfold(int block) {
    const int first = block * kBlockRows, count = s.input - first < kBlockRows ? s.input - first : kBlockRows;
    for (int j = 0; j < s.modules; j++) {
      const float* rows[kBlockRows];
      float* sums[kBlockRows];
      for (int i = 0; i < count; i++) {
        rows[i] = folded + (int64_t{j} * s.input + first + i) * s.gates();
        sums[i] = dWeights.inputValue + int64_t{first + i} * s.values();
      }
      multiply(inputT(j), count, rows, sums, j > 0);
    }
  }

  // Gradients of F and f, or G and g. @param perRow gradient of z F + f, or z G + g, (rows, n, m)
  void sumComm(float* matrix, float* bias, const float* perRow) {
    OuterProducts<Products> sum(matrix, s.message(), s.units);
    std::memset(bias, 0, sizeof(float) * s.units);
    for (int64_t r = 0; r < s.rows(); r++)
      for (int j = 0; j < s.modules; j++) {
        if (!isActive(r, j)) continue;
        const float* gradient = perRow + r * s.state() + int64_t{j} * s.units;
        sum.add(tape.message + (r * s.modules + j) * s.message(), gradient);
        addScaled(s.units, bias, 1, gradient);
      }
    sum.finish();
  }

  void sumProjections(int j) {
    OuterProducts<Products> query(dWeights.commQuery + int64_t{j} * s.units * s.query(), s.units, s.query());
    OuterProducts<Products> key(dWeights.commKey + int64_t{j} * s.units * s.query(), s.units, s.query());
    OuterProducts<Products> value(dWeights.commValue + int64_t{j} * s.units * s.message(), s.units, s.message());
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

  // And the biases, and the query of the attention to the input.
  void sumRnnHidden(int j) {
    OuterProducts<Products> hidden(dWeights.rnnHidden + int64_t{j} * s.units * s.gates(), s.units, s.gates());
    for (int64_t r = 0; r < s.rows(); r++)
      if (isActive(r, j)) hidden.add(before(r, j), hiddenGradient(r, j));
    hidden.finish();
    sumBias(dWeights.rnnBias, steps.gates, j);
    if (!s.isLstm) sumBias(dWeights.rnnHiddenBias, steps.hiddenGates, j);
    for (int head = 0; head < s.inputHeads && s.attendsToInput; head++) sumInputQuery(j, head);
  }

  // @param gradients of gates, (rows, n, g m)
  void sumBias(float* biases, const float* gradients, int j) {
    float* bias = biases + int64_t{j} * s.gates();
    std::memset(bias, 0, sizeof(float) * s.gates());
    for (int64_t r = 0; r < s.rows(); r++)
      if (isActive(r, j)) addScaled(s.gates(), bias, 1, gradients + (r * s.modules + j) * s.gates());
  }

  void sumInputQuery(int j, int head) {
    float* begin = dWeights.inputQuery + int64_t{j} * s.units * s.keys() + head * s.inputKey;
    OuterProducts<Products> query(begin, s.units, s.inputKey, s.keys());
    for (int64_t r = 0; r < s.rows(); r++)
      for (int e = 0; e < s.elements && isActive(r, j); e++)
        query.add(before(r, j), tape.key + keyOf(r, e, head), dLogit(r, e, head, j));
    query.finish();
  }

  // kBlockColumns rows of the gradients of inputValue and inputKey, of one element; blocks are counted over elements.
  void sumInput(int block) {
    int e = 0;
    for (; block >= divideUp(s.elementWidths[e], kBlockColumns); e++)
      block -= divideUp(s.elementWidths[e], kBlockColumns);
    const int left = s.elementWidths[e] - block * kBlockColumns, begin = s.elementBegin(e) + block * kBlockColumns;
    const int count = left < kBlockColumns ? left : kBlockColumns;
    OuterProducts<Products> value(dWeights.inputValue + int64_t{begin} * s.values(), count, s.values());
    OuterProducts<Products> key(dWeights.inputKey + int64_t{begin} * s.keys(), count, s.keys());
    for (int64_t r = 0; r < s.rows(); r++) {
      if (!s.folds()) value.add(x + r * s.input + begin, dValue + valueOf(r, e, 0));
      if (s.attendsToInput) key.add(x + r * s.input + begin, dKey + keyOf(r, e, 0));
    }
    if (!s.folds()) value.finish();
    if (s.attendsToInput) key.finish();
  }

  const RimSizes s;
  const RimWeights<const float> weights;
  const float *const x, *const active;
  const RimTape tape;
  const RimStepGradients steps;
  const RimWeights<float> dWeights;
  float* const dx;
  const Dropout dropout;
  Scratch scratch;
  float *inputTransposed = nullptr, *folded;  // packed; (n, input, g m)
  float *valueTransposed[kMostInputs], *keyTransposed[kMostInputs];  // packed
  float *dValue, *dKey, *products;  // per row (elements, Hi dv), (elements, Hi dk); products: of one module
  float* dropped;
};

}  // namespace

int64_t sumGradientsScratch(const RimSizes& sizes) {
  return withProducts(sizes.bf16, [&](auto products) {
    return GradientSums<decltype(products)>(sizes, {}, nullptr, nullptr, {}, {}, {}, nullptr, nullptr).scratchUsed();
  });
}

void sumGradients(const RimSizes& sizes, const RimWeights<const float>& weights, const float* x, const float* active,
                  const RimTape& tape, const RimStepGradients& steps, const RimWeights<float>& weightGradients,
                  float* dx, float* scratch, Team& team) {
  withProducts(sizes.bf16, [&](auto products) {
    GradientSums<decltype(products)>(sizes, weights, x, active, tape, steps, weightGradients, dx, scratch).run(team);
  });
}

}  // namespace ISA
}  // namespace rim_agents
