#include "rim_core.h"
#include "scratch.h"

namespace rim_agents {

int64_t layOutTape(const RimSizes& sizes, bool isRecording, float* base, RimTape* tape) {
  const int64_t rows = sizes.rows();
  const int64_t recursionRows = isRecording ? rows : sizes.batch;
  const int n = sizes.modules;
  Scratch block(base);
  tape->folded = block.take(sizes.folds() ? int64_t{n} * sizes.input * sizes.gates() : 0);
  tape->value = block.take(sizes.folds() ? 0 : rows * sizes.elements * sizes.values());
  tape->key = block.take(rows * sizes.elements * sizes.keys());
  tape->inputGates = block.take(sizes.readsInSteps() ? 0 : rows * sizes.reads() * n * sizes.gates());
  tape->pull = block.take(sizes.attendsToInput ? rows * sizes.reads() * sizes.state() : 0);
  tape->attention = block.take(recursionRows * sizes.reads() * n);
  tape->hBefore = block.take(recursionRows * sizes.state());
  tape->cBefore = block.take(recursionRows * sizes.cell());
  tape->gates = block.take(recursionRows * n * sizes.gates());
  tape->inner = block.take(recursionRows * sizes.state());
  tape->source = block.take(sizes.communicates ? recursionRows * sizes.state() : 0);
  tape->projections = block.take(recursionRows * n * sizes.projection());
  tape->commAttention = block.take(recursionRows * sizes.commHeads * n * n);
  tape->message = block.take(recursionRows * n * sizes.message());
  tape->told = block.take(sizes.isGated ? recursionRows * sizes.state() : 0);
  tape->gate = block.take(sizes.isGated ? recursionRows * sizes.state() : 0);
  return block.used();
}

}  // namespace rim_agents
