#include "dense_core.h"
#include "op_support.h"
#include "tensorflow/core/framework/common_shape_fns.h"
#include "tensorflow/core/framework/op.h"

namespace rim_agents {
namespace {

using tensorflow::OpKernelContext;

REGISTER_OP("RimAgentsDenseRelu")
    .Input("x: float")
    .Input("weights: float")
    .Input("bias: float")
    .Output("y: float")
    .SetShapeFn(tensorflow::shape_inference::UnknownShape)
    .Doc("relu(x weights + bias) in products of bfloat16; see dense_core.h.");

REGISTER_OP("RimAgentsDenseReluGradient")
    .Input("x: float")
    .Input("weights: float")
    .Input("y: float")
    .Input("d_y: float")
    .Output("d_x: float")
    .Output("d_weights: float")
    .Output("d_bias: float")
    .SetShapeFn(tensorflow::shape_inference::UnknownShape)
    .Doc("Gradient of RimAgentsDenseRelu; y is what it gave.");

// Sizes and the inputs with which both operations begin.
struct Arguments {
  explicit Arguments(OpKernelContext* context) {
    sizes.rows = inputSize(context, 0, "x", 2, 0);
    sizes.inputs = inputSize(context, 0, "x", 2, 1);
    sizes.outputs = inputSize(context, 1, "weights", 2, 1);
    x = checkedInput(context, 0, "x", {sizes.rows, sizes.inputs});
    weights = checkedInput(context, 1, "weights", {sizes.inputs, sizes.outputs});
  }

  DenseSizes sizes = {};
  const float *x, *weights;
};

class DenseReluOp : public tensorflow::OpKernel {
 public:
  using OpKernel::OpKernel;

  void Compute(OpKernelContext* context) override {
    const Arguments arguments(context);
    const DenseSizes& sizes = arguments.sizes;
    const float* bias = checkedInput(context, 2, "bias", {sizes.outputs});
    float* y = makeOutput(context, 0, {sizes.rows, sizes.outputs});
    if (!context->status().ok()) return;
    OpTeam team(context);
    tensorflow::Tensor holder;
    float* scratch = makeScratch(context, RIM_AGENTS_CALL(denseForwardScratch)(sizes, team.members()), &holder);
    if (!context->status().ok()) return;
    RIM_AGENTS_CALL(denseForward)(sizes, arguments.x, arguments.weights, bias, y, scratch, team);
  }
};

class DenseReluGradientOp : public tensorflow::OpKernel {
 public:
  using OpKernel::OpKernel;

  void Compute(OpKernelContext* context) override {
    const Arguments arguments(context);
    const DenseSizes& sizes = arguments.sizes;
    const float* y = checkedInput(context, 2, "y", {sizes.rows, sizes.outputs});
    const float* dY = checkedInput(context, 3, "d_y", {sizes.rows, sizes.outputs});
    float* dX = makeOutput(context, 0, {sizes.rows, sizes.inputs});
    float* dWeights = makeOutput(context, 1, {sizes.inputs, sizes.outputs});
    float* dBias = makeOutput(context, 2, {sizes.outputs});
    if (!context->status().ok()) return;
    OpTeam team(context);
    tensorflow::Tensor holder;
    float* scratch = makeScratch(context, RIM_AGENTS_CALL(denseBackwardScratch)(sizes, team.members()), &holder);
    if (!context->status().ok()) return;
    RIM_AGENTS_CALL(denseBackward)(sizes, arguments.x, arguments.weights, y, dY, dX, dWeights, dBias, scratch, team);
  }
};

REGISTER_KERNEL_BUILDER(Name("RimAgentsDenseRelu").Device(tensorflow::DEVICE_CPU), DenseReluOp);
REGISTER_KERNEL_BUILDER(Name("RimAgentsDenseReluGradient").Device(tensorflow::DEVICE_CPU), DenseReluGradientOp);

}  // namespace
}  // namespace rim_agents
