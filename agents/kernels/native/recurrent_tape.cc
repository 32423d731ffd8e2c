#include "recurrent_core.h"
#include "scratch.h"

namespace rim_agents {

int64_t layOutTape(const RecurrentSizes& sizes, bool isRecording, float* base, RecurrentTape* tape) {
  const int64_t rows = isRecording ? sizes.rows() : int64_t{2} * sizes.batch;
  const int64_t states = rows * sizes.units;
  Scratch block(base);
  tape->gates = block.take(rows * sizes.gates());
  tape->hBefore = block.take(states);
  tape->cBefore = sizes.isLstm ? block.take(states) : nullptr;
  tape->tanhC = sizes.isLstm ? block.take(states) : nullptr;
  tape->hiddenN = sizes.isLstm ? nullptr : block.take(states);
  return block.used();
}

}  // namespace rim_agents
