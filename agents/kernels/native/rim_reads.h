// What modules read of the input where it is computed step by step (RimSizes::readsInSteps), for rim_*_core.cc files.
#pragma once

#include "rim_dropout.h"
#include "vector.h"

namespace rim_agents {
namespace ISA {

// A read is a row of width readWidth() that is multiplied by a matrix of that height: the attention's mean of the
// values by W_ih, or, where Wv W_ih is one matrix, x itself by that, each element times the attention to it.
class Reads {
 public:
  Reads(const RimSizes& sizes, const float* x, const RimTape& tape)
      : s(sizes), x(x), value(tape.value), dropout(sizes, DropoutSite::read) {}

  // What module j reads of row r. @param attention of row r, (reads, n)
  void read(int64_t r, int j, const float* attention, float* to) const {
    if (s.folds()) {
      for (int e = 0; e < s.elements; e++) {
        const float share = attention[e * s.modules + j];
        const float* from = source(r, e, 0);
        float* part = to + s.elementBegin(e);
        forEachBlock(s.elementWidths[e],
                     [&](int i, int lanes) { storeBlock(part + i, share * loadBlock(from + i, lanes), lanes); });
      }
      return;
    }
    for (int head = 0; head < s.inputHeads; head++)
      forEachBlock(s.inputValue, [&](int i, int lanes) {
        Vec mean = {};
        for (int e = 0; e < s.elements; e++)
          mean += attention[(e * s.inputHeads + head) * s.modules + j] * loadBlock(source(r, e, head) + i, lanes);
        storeBlock(to + head * s.inputValue + i, mean, lanes);
      });
    drop(r, j, to);
  }

  // Takes from a read, or from its gradient, what dropout does.
  void drop(int64_t r, int j, float* read) const {
    if (dropout.isOn()) dropout.apply(s.values(), (r * s.modules + j) * s.values(), read, read);
  }

  // Gradient of the attention to one element. @param dRead gradient of the read, dropped
  float dAttention(int64_t r, int e, int head, const float* dRead) const {
    return dot(source(r, e, head), dRead + begin(e, head), width(e));
  }

  // Adds what a read gives to the gradients of the elements' x, or values, of row r.
  void addGradients(int j, const float* attention, const float* dRead, float* dSources) const {
    for (int e = 0; e < s.elements; e++)
      for (int head = 0; head < s.inputHeads; head++)
        addScaled(width(e), dSources + (s.folds() ? s.elementBegin(e) : e * s.values() + head * s.inputValue),
                  attention[(e * s.inputHeads + head) * s.modules + j], dRead + begin(e, head));
  }

  // Of dSources, per row.
  int sourcesWidth() const { return s.folds() ? s.input : s.elements * s.values(); }

 private:
  // What a read takes of an element.
  const float* source(int64_t r, int e, int head) const {
    return s.folds() ? x + r * s.input + s.elementBegin(e)
                     : value + (r * s.elements + e) * s.values() + head * s.inputValue;
  }
  int width(int e) const { return s.folds() ? s.elementWidths[e] : s.inputValue; }
  // Where that lies in the read.
  int begin(int e, int head) const { return s.folds() ? s.elementBegin(e) : head * s.inputValue; }

  const RimSizes s;
  const float *const x, *const value;
  const Dropout dropout;
};

}  // namespace ISA
}  // namespace rim_agents
