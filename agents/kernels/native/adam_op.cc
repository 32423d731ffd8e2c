#include <cmath>
#include <vector>

#include "adam_core.h"
#include "op_support.h"
#include "tensorflow/core/framework/common_shape_fns.h"
#include "tensorflow/core/framework/op.h"

namespace rim_agents {
namespace {

REGISTER_OP("RimAgentsClipAdam")
    .Input("parameters: float")
    .Input("gradients: float")
    .Input("m: float")
    .Input("v: float")
    .Input("settings: float")
    .Output("new_parameters: float")
    .Output("new_m: float")
    .Output("new_v: float")
    .Output("norm: float")
    .SetShapeFn(tensorflow::shape_inference::UnknownShape)
    .Doc(
        "Clips gradients to a global norm and makes one step of Adam. All vectors have the same length P; settings are "
        "those of AdamSettings, in order.");

class ClipAdamOp : public tensorflow::OpKernel {
 public:
  using OpKernel::OpKernel;

  void Compute(tensorflow::OpKernelContext* context) override {
    const int64_t size = context->input(0).NumElements();
    const float* settings = checkedInput(context, 4, "settings", {8});
    const AdamVectors vectors = {
        checkedInput(context, 0, "parameters", {size}),
        checkedInput(context, 1, "gradients", {size}),
        checkedInput(context, 2, "m", {size}),
        checkedInput(context, 3, "v", {size}),
        makeOutput(context, 0, {size}),
        makeOutput(context, 1, {size}),
        makeOutput(context, 2, {size}),
    };
    float* norm = makeOutput(context, 3, {});
    if (!context->status().ok()) return;

    OpTeam team(context);
    const int pieces = static_cast<int>((size + kAdamPiece - 1) / kAdamPiece);
    const auto end = [&](int piece) { return std::min(size, (piece + 1) * kAdamPiece); };
    std::vector<double> squares(pieces);
    team.each(pieces, [&](int piece) {
      squares[piece] =
          RIM_AGENTS_CALL(sumOfSquares)(vectors.gradients + piece * kAdamPiece, end(piece) - piece * kAdamPiece);
    });
    double total = 0;
    for (const double square : squares) total += square;
    *norm = static_cast<float>(std::sqrt(total));

    const AdamSettings s = {settings[0], settings[1], settings[2], settings[3],
                            settings[4], settings[5], settings[6], settings[7]};
    const float scale = std::min(1.0f, s.maxNorm / (*norm + 1e-6f));
    team.each(pieces, [&](int piece) { RIM_AGENTS_CALL(adamStep)(s, vectors, scale, piece * kAdamPiece, end(piece)); });
  }
};

REGISTER_KERNEL_BUILDER(Name("RimAgentsClipAdam").Device(tensorflow::DEVICE_CPU), ClipAdamOp);

}  // namespace
}  // namespace rim_agents
