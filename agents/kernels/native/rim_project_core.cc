#include "rim_stages.h"
#include "scratch.h"

namespace rim_agents {
namespace ISA {
namespace {

constexpr int kBlockRows = 64;  // rows of one item

class Projection {
 public:
  Projection(const RimSizes& sizes, const RimWeights<const float>& weights, const float* x, const RimTape& tape,
             float* base)
      : s(sizes), weights(weights), x(x), tape(tape), scratch(base) {
    if (isWorthPacking(s)) packedInput = scratch.take(packedSize(s.inputValue, s.gates()) * s.modules);
    packedQuery = scratch.take(packedSize(s.inputKey, s.units) * s.modules);
  }

  int64_t scratchUsed() const { return scratch.used(); }

  void run(Team& team) {
    team.each(s.modules, [&](int j) {
      packTransposed(moduleMatrix(weights.inputQuery, nullptr, j, s.units, s.inputKey), inputQueryTransposed(j));
      if (packedInput) packMatrix(moduleMatrix(weights.rnnInput, nullptr, j, s.inputValue, s.gates()), rnnInput(j));
    });
    const int blocks = static_cast<int>((s.rows() + kBlockRows - 1) / kBlockRows);
    team.each(2 * blocks, [&](int item) { projectInput(item / 2, item % 2 == 0); });
    team.each(s.modules * blocks, [&](int item) { projectModule(item / blocks, item % blocks); });
  }

 private:
  Matrix rnnInput(int j) const { return moduleMatrix(weights.rnnInput, packedInput, j, s.inputValue, s.gates()); }
  Matrix inputQueryTransposed(int j) const { return moduleMatrix(nullptr, packedQuery, j, s.inputKey, s.units); }

  // value = x Wv, or key = x Wk
  void projectInput(int block, bool isValue) {
    const Matrix matrix = isValue ? plainMatrix(weights.inputValue, s.input, s.inputValue)
                                  : plainMatrix(weights.inputKey, s.input, s.inputKey);
    multiplyBlock(matrix, block, x, s.input, isValue ? tape.value : tape.key, matrix.columns);
  }

  // inputGates = value W_ih, pull = key Wq^T / sqrt(dk), of module j
  void projectModule(int j, int block) {
    multiplyBlock(rnnInput(j), block, tape.value, s.inputValue, tape.inputGates + int64_t{j} * s.gates(),
                  s.modules * s.gates());
    multiplyBlock(inputQueryTransposed(j), block, tape.key, s.inputKey, tape.pull + int64_t{j} * s.units, s.state());
    const float scale = 1 / squareRoot(static_cast<float>(s.inputKey));
    for (int64_t r = int64_t{block} * kBlockRows; r < blockEnd(block); r++) {
      float* pull = tape.pull + r * s.state() + int64_t{j} * s.units;
      for (int i = 0; i < s.units; i++) pull[i] *= scale;
    }
  }

  int64_t blockEnd(int block) const {
    const int64_t end = (block + 1) * int64_t{kBlockRows};
    return end < s.rows() ? end : s.rows();
  }

  // Rows of a block times the matrix; row r of the arrays begins at r times their stride.
  void multiplyBlock(const Matrix& matrix, int block, const float* from, int64_t fromStride, float* to,
                     int64_t toStride) const {
    const int64_t first = int64_t{block} * kBlockRows;
    const int count = static_cast<int>(blockEnd(block) - first);
    const float* rows[kBlockRows];
    float* products[kBlockRows];
    for (int i = 0; i < count; i++) {
      rows[i] = from + (first + i) * fromStride;
      products[i] = to + (first + i) * toStride;
    }
    multiply(matrix, count, rows, products);
  }

  const RimSizes s;
  const RimWeights<const float> weights;
  const float* const x;
  const RimTape tape;
  Scratch scratch;
  float *packedInput = nullptr, *packedQuery;
};

}  // namespace

int64_t projectScratch(const RimSizes& sizes) { return Projection(sizes, {}, nullptr, {}, nullptr).scratchUsed(); }

void project(const RimSizes& sizes, const RimWeights<const float>& weights, const float* x, const RimTape& tape,
             float* scratch, Team& team) {
  Projection(sizes, weights, x, tape, scratch).run(team);
}

}  // namespace ISA
}  // namespace rim_agents
