#include "heads_core.h"
#include "op_support.h"
#include "tensorflow/core/framework/common_shape_fns.h"
#include "tensorflow/core/framework/op.h"

namespace rim_agents {
namespace {

using tensorflow::OpKernelContext;

REGISTER_OP("RimAgentsHeads")
    .Input("hidden: float")
    .Input("policy_weights: float")
    .Input("value_weights: float")
    .Input("policy_bias: float")
    .Input("value_bias: float")
    .Output("logits: float")
    .Output("values: float")
    .SetShapeFn(tensorflow::shape_inference::UnknownShape)
    .Doc("The policy's and the critic's linear layers; see heads_core.h. hidden is (steps, batch, width).");

REGISTER_OP("RimAgentsHeadsGradient")
    .Input("hidden: float")
    .Input("policy_weights: float")
    .Input("value_weights: float")
    .Input("d_logits: float")
    .Input("d_values: float")
    .Output("d_hidden: float")
    .Output("d_policy_weights: float")
    .Output("d_value_weights: float")
    .Output("d_policy_bias: float")
    .Output("d_value_bias: float")
    .SetShapeFn(tensorflow::shape_inference::UnknownShape)
    .Doc("Gradient of RimAgentsHeads.");

// Sizes and the inputs with which both operations begin.
struct Arguments {
  explicit Arguments(OpKernelContext* context) {
    steps = inputSize(context, 0, "hidden", 3, 0);
    batch = inputSize(context, 0, "hidden", 3, 1);
    sizes.rows = steps * batch;
    sizes.width = inputSize(context, 0, "hidden", 3, 2);
    sizes.actions = inputSize(context, 1, "policy_weights", 2, 1);
    hidden = checkedInput(context, 0, "hidden", {steps, batch, sizes.width});
    weights.policy = checkedInput(context, 1, "policy_weights", {sizes.width, sizes.actions});
    weights.value = checkedInput(context, 2, "value_weights", {sizes.width, 1});
  }

  int steps, batch;
  HeadsSizes sizes = {};
  const float* hidden;
  HeadsWeights<const float> weights = {};
};

class HeadsOp : public tensorflow::OpKernel {
 public:
  using OpKernel::OpKernel;

  void Compute(OpKernelContext* context) override {
    Arguments arguments(context);
    const HeadsSizes& sizes = arguments.sizes;
    arguments.weights.policyBias = checkedInput(context, 3, "policy_bias", {sizes.actions});
    arguments.weights.valueBias = checkedInput(context, 4, "value_bias", {1});
    float* logits = makeOutput(context, 0, {sizes.rows, sizes.actions});
    float* values = makeOutput(context, 1, {sizes.rows});
    if (!context->status().ok()) return;
    tensorflow::Tensor holder;
    float* scratch = makeScratch(context, RIM_AGENTS_CALL(headsForwardScratch)(sizes), &holder);
    if (!context->status().ok()) return;
    RIM_AGENTS_CALL(headsForward)(sizes, arguments.hidden, arguments.weights, logits, values, scratch);
  }
};

class HeadsGradientOp : public tensorflow::OpKernel {
 public:
  using OpKernel::OpKernel;

  void Compute(OpKernelContext* context) override {
    const Arguments arguments(context);
    const HeadsSizes& sizes = arguments.sizes;
    const float* dLogits = checkedInput(context, 3, "d_logits", {sizes.rows, sizes.actions});
    const float* dValues = checkedInput(context, 4, "d_values", {sizes.rows});
    float* dHidden = makeOutput(context, 0, {arguments.steps, arguments.batch, sizes.width});
    HeadsWeights<float> gradients;
    gradients.policy = makeOutput(context, 1, {sizes.width, sizes.actions});
    gradients.value = makeOutput(context, 2, {sizes.width, 1});
    gradients.policyBias = makeOutput(context, 3, {sizes.actions});
    gradients.valueBias = makeOutput(context, 4, {1});
    if (!context->status().ok()) return;
    tensorflow::Tensor holder;
    float* scratch = makeScratch(context, RIM_AGENTS_CALL(headsBackwardScratch)(sizes), &holder);
    if (!context->status().ok()) return;
    RIM_AGENTS_CALL(headsBackward)(sizes, arguments.hidden, arguments.weights, dLogits, dValues, dHidden, gradients,
                                   scratch);
  }
};

REGISTER_KERNEL_BUILDER(Name("RimAgentsHeads").Device(tensorflow::DEVICE_CPU), HeadsOp);
REGISTER_KERNEL_BUILDER(Name("RimAgentsHeadsGradient").Device(tensorflow::DEVICE_CPU), HeadsGradientOp);

}  // namespace
}  // namespace rim_agents
