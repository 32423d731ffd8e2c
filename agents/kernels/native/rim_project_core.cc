#include "rim_dropout.h"
#include "rim_stages.h"
#include "scratch.h"

namespace rim_agents {
namespace ISA {
namespace {

constexpr int kBlockRows = 64;  // rows of one item

template <class Products>
class Projection {
 public:
  Projection(const RimSizes& sizes, const RimWeights<const float>& weights, const float* x, const RimTape& tape,
             float* base)
      : s(sizes), weights(weights), x(x), tape(tape), dropout(sizes, DropoutSite::read), scratch(base) {
    const int64_t matrices = int64_t{s.modules} * s.inputHeads;
    if (isWorthPacking(s) && needsRnnInput())
      packedInput = scratch.take(packedSize<Products>(s.inputValue, s.gates()) * matrices);
    packedQuery = scratch.take(packedSize<Products>(s.inputKey, s.units) * matrices);
    dropped = scratch.take(s.drops && !s.readsInSteps() ? int64_t{Team::kMostMembers} * kBlockRows * s.inputValue : 0);
  }

  int64_t scratchUsed() const { return scratch.used(); }

  void run(Team& team) {
    team.each(s.modules * s.inputHeads, [&](int item) { packHead(item / s.inputHeads, item % s.inputHeads); });
    const int blocks = static_cast<int>((s.rows() + kBlockRows - 1) / kBlockRows);
    if (s.folds()) team.each(s.modules * divideUp(s.input, kBlockRows), [&](int item) { fold(item); });
    team.each(s.elements * blocks, [&](int item) {
      if (!s.folds()) projectInput(item / s.elements, item % s.elements, true);
      if (s.attendsToInput) projectInput(item / s.elements, item % s.elements, false);
    });
    team.eachByMember(s.modules * blocks, [&](int item, int member) {
      float* room = dropped + int64_t{member} * kBlockRows * s.inputValue;
      for (int p = 0; p < s.reads(); p++) projectModule(item / blocks, p, item % blocks, room);
    });
  }

 private:
  bool needsRnnInput() const { return !s.readsInSteps() || s.folds(); }

  // Rows of module j's rnnInput that a head's value meets, (dv, g m).
  Matrix<Products> rnnInput(int j, int head) const {
    return moduleMatrix<Products>(weights.rnnInput, packedInput, j * s.inputHeads + head, s.inputValue, s.gates());
  }
  // A head's columns of module j's inputQuery, transposed, (dk, m).
  Matrix<Products> inputQueryTransposed(int j, int head) const {
    return moduleMatrix<Products>(nullptr, packedQuery, j * s.inputHeads + head, s.inputKey, s.units);
  }

  void packHead(int j, int head) {
    const float* query = weights.inputQuery + int64_t{j} * s.units * s.keys() + head * s.inputKey;
    if (s.attendsToInput)
      packTransposed(plainMatrix<Products>(query, s.units, s.inputKey, s.keys()), inputQueryTransposed(j, head));
    if (!packedInput) return;
    const int matrix = j * s.inputHeads + head;
    packMatrix(moduleMatrix<Products>(weights.rnnInput, nullptr, matrix, s.inputValue, s.gates()), rnnInput(j, head));
  }

  // folded = Wv W_ih, kBlockRows rows of it
  void fold(int item) const {
    const int j = item % s.modules, first = item / s.modules * kBlockRows;
    const int count = s.input - first < kBlockRows ? s.input - first : kBlockRows;
    const float* rows[kBlockRows];
    float* products[kBlockRows];
    for (int i = 0; i < count; i++) {
      rows[i] = weights.inputValue + int64_t{first + i} * s.values();
      products[i] = tape.folded + (int64_t{j} * s.input + first + i) * s.gates();
    }
    multiply(rnnInput(j, 0), count, rows, products);
  }

  // value = x Wv, or key = x Wk, of one element
  void projectInput(int block, int element, bool isValue) {
    const int begin = s.elementBegin(element), width = s.elementWidths[element];
    const int columns = isValue ? s.values() : s.keys();
    const float* matrix = (isValue ? weights.inputValue : weights.inputKey) + int64_t{begin} * columns;
    float* to = (isValue ? tape.value : tape.key) + int64_t{element} * columns;
    const float* from = x + int64_t{block} * kBlockRows * s.input + begin;
    multiplyBlock(plainMatrix<Products>(matrix, width, columns), block, from, s.input, to, s.elements * columns);
  }

  // inputGates = value W_ih, pull = key Wq^T / sqrt(dk), of module j and one read
  // @param room for values without what is dropped, (kBlockRows, dv)
  void projectModule(int j, int read, int block, float* room) {
    const int element = read / s.inputHeads, head = read % s.inputHeads, entry = read * s.modules + j;
    if (!s.readsInSteps()) projectValue(j, read, block, room);
    if (!s.attendsToInput) return;
    const int64_t pullStride = int64_t{s.reads()} * s.state();
    const float* key = tape.key + int64_t{element} * s.keys() + head * s.inputKey;
    float* pull = tape.pull + int64_t{entry} * s.units;
    const int64_t first = int64_t{block} * kBlockRows, keyStride = s.elements * s.keys();
    multiplyBlock(inputQueryTransposed(j, head), block, key + first * keyStride, keyStride, pull, pullStride);
    const float scale = 1 / squareRoot(static_cast<float>(s.inputKey));
    for (int64_t r = first; r < blockEnd(block); r++)
      for (int i = 0; i < s.units; i++) pull[r * pullStride + i] *= scale;
  }

  void projectValue(int j, int read, int block, float* room) {
    const int element = read / s.inputHeads, head = read % s.inputHeads, entry = read * s.modules + j;
    const float* value = tape.value + int64_t{element} * s.values() + head * s.inputValue;
    int64_t valueStride = s.elements * s.values();
    const int64_t first = int64_t{block} * kBlockRows;
    if (dropout.isOn()) {
      for (int64_t r = first; r < blockEnd(block); r++)
        dropout.apply(s.inputValue, (r * s.modules + j) * s.values() + head * s.inputValue, value + r * valueStride,
                      room + (r - first) * s.inputValue);
      value = room;
      valueStride = s.inputValue;
    } else {
      value += first * valueStride;
    }
    multiplyBlock(rnnInput(j, head), block, value, valueStride, tape.inputGates + int64_t{entry} * s.gates(),
                  int64_t{s.reads()} * s.modules * s.gates());
  }

  int64_t blockEnd(int block) const {
    const int64_t end = (block + 1) * int64_t{kBlockRows};
    return end < s.rows() ? end : s.rows();
  }

  // Rows of a block, the first of them at `from`, times the matrix; row r of the result begins at r times its stride.
  void multiplyBlock(const Matrix<Products>& matrix, int block, const float* from, int64_t fromStride, float* to,
                     int64_t toStride) const {
    const int64_t first = int64_t{block} * kBlockRows;
    const int count = static_cast<int>(blockEnd(block) - first);
    const float* rows[kBlockRows];
    float* products[kBlockRows];
    for (int i = 0; i < count; i++) {
      rows[i] = from + i * fromStride;
      products[i] = to + (first + i) * toStride;
    }
    multiply(matrix, count, rows, products);
  }

  const RimSizes s;
  const RimWeights<const float> weights;
  const float* const x;
  const RimTape tape;
  const Dropout dropout;
  Scratch scratch;
  float *packedInput = nullptr, *packedQuery, *dropped;
};

}  // namespace

int64_t projectScratch(const RimSizes& sizes) {
  return withProducts(sizes.bf16, [&](auto products) {
    return Projection<decltype(products)>(sizes, {}, nullptr, {}, nullptr).scratchUsed();
  });
}

void project(const RimSizes& sizes, const RimWeights<const float>& weights, const float* x, const RimTape& tape,
             float* scratch, Team& team) {
  withProducts(sizes.bf16,
               [&](auto products) { Projection<decltype(products)>(sizes, weights, x, tape, scratch).run(team); });
}

}  // namespace ISA
}  // namespace rim_agents
