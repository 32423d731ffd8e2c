// A fully connected layer with relu, y = relu(x w + b), for as few rows as acting has. The weights are read once, as
// they lie, and sums stay in registers: packing them first, as products of many rows do, would cost more than the
// product. Sums run over the inputs in order, whatever the threads and the rows computed together.
#pragma once

#include "instruction_set.h"
#include "team.h"

namespace rim_agents {

struct FewRowsSizes {
  int rows, inputs, outputs;
};

// clang-format off
RIM_AGENTS_DECLARE(
    // @param x (rows, inputs) @param weights (inputs, outputs) @param bias (outputs) @param y (rows, outputs)
    void denseFewRows(const FewRowsSizes& sizes, const float* x, const float* weights, const float* bias, float* y,
                      Team& team);)
// clang-format on

}  // namespace rim_agents
