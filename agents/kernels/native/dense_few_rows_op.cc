#include "dense_few_rows_core.h"
#include "op_support.h"
#include "tensorflow/core/framework/common_shape_fns.h"
#include "tensorflow/core/framework/op.h"

namespace rim_agents {
namespace {

REGISTER_OP("RimAgentsDenseReluFewRows")
    .Input("x: float")
    .Input("weights: float")
    .Input("bias: float")
    .Output("y: float")
    .SetShapeFn(tensorflow::shape_inference::UnknownShape)
    .Doc("relu(x weights + bias) without gradient; see dense_few_rows_core.h.");

class DenseReluFewRowsOp : public tensorflow::OpKernel {
 public:
  using OpKernel::OpKernel;

  void Compute(tensorflow::OpKernelContext* context) override {
    const FewRowsSizes sizes = {inputSize(context, 0, "x", 2, 0), inputSize(context, 0, "x", 2, 1),
                                inputSize(context, 1, "weights", 2, 1)};
    const float* x = checkedInput(context, 0, "x", {sizes.rows, sizes.inputs});
    const float* weights = checkedInput(context, 1, "weights", {sizes.inputs, sizes.outputs});
    const float* bias = checkedInput(context, 2, "bias", {sizes.outputs});
    float* y = makeOutput(context, 0, {sizes.rows, sizes.outputs});
    if (!context->status().ok()) return;
    OpTeam team(context);
    RIM_AGENTS_CALL(denseFewRows)(sizes, x, weights, bias, y, team);
  }
};

REGISTER_KERNEL_BUILDER(Name("RimAgentsDenseReluFewRows").Device(tensorflow::DEVICE_CPU), DenseReluFewRowsOp);

}  // namespace
}  // namespace rim_agents
