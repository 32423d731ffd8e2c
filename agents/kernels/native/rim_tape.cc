#include "rim_core.h"
#include "scratch.h"

namespace rim_agents {

int64_t layOutTape(const RimSizes& sizes, bool isRecording, float* base, RimTape* tape) {
  const int64_t rows = sizes.rows();
  const int64_t recursionRows = isRecording ? rows : sizes.batch;
  const int n = sizes.modules;
  Scratch block(base);
  tape->value = block.take(rows * sizes.inputValue);
  tape->key = block.take(rows * sizes.inputKey);
  tape->inputGates = block.take(rows * n * sizes.gates());
  tape->pull = block.take(rows * sizes.state());
  tape->attention = block.take(recursionRows * n);
  tape->hBefore = block.take(recursionRows * sizes.state());
  tape->cBefore = block.take(recursionRows * sizes.state());
  tape->gates = block.take(recursionRows * n * sizes.gates());
  tape->tanhC = block.take(recursionRows * sizes.state());
  tape->source = block.take(recursionRows * sizes.state());
  tape->projections = block.take(recursionRows * n * sizes.projection());
  tape->commAttention = block.take(recursionRows * sizes.commHeads * n * n);
  tape->message = block.take(recursionRows * n * sizes.message());
  return block.used();
}

}  // namespace rim_agents
