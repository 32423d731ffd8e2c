#include <vector>

#include "op_support.h"
#include "ppo_loss.h"
#include "tensorflow/core/framework/common_shape_fns.h"
#include "tensorflow/core/framework/op.h"

namespace rim_agents {
namespace {

REGISTER_OP("RimAgentsPpoLoss")
    .Input("logits: float")
    .Input("values: float")
    .Input("actions: int32")
    .Input("old_log_probabilities: float")
    .Input("old_values: float")
    .Input("advantages: float")
    .Input("returns: float")
    .Input("settings: float")
    .Output("loss: float")
    .Output("statistics: float")
    .Output("d_logits: float")
    .Output("d_values: float")
    .SetShapeFn(tensorflow::shape_inference::UnknownShape)
    .Doc(
        "PPO's loss, its statistics and its gradient; see ppo_loss.h. Settings are those of PpoLossSettings, in "
        "order.");

class PpoLossOp : public tensorflow::OpKernel {
 public:
  using OpKernel::OpKernel;

  void Compute(tensorflow::OpKernelContext* context) override {
    const int64_t samples = inputSize(context, 0, "logits", 2, 0);
    const int actions = inputSize(context, 0, "logits", 2, 1);
    const PpoLossInputs inputs = {
        checkedInput(context, 0, "logits", {samples, actions}),
        checkedInput(context, 1, "values", {samples}),
        checkedInput<int32_t>(context, 2, "actions", {samples}),
        checkedInput(context, 3, "old_log_probabilities", {samples}),
        checkedInput(context, 4, "old_values", {samples}),
        checkedInput(context, 5, "advantages", {samples}),
        checkedInput(context, 6, "returns", {samples}),
    };
    const float* settings = checkedInput(context, 7, "settings", {4});
    const PpoLossOutputs outputs = {makeOutput(context, 0, {}), makeOutput(context, 1, {5}),
                                    makeOutput(context, 2, {samples, actions}), makeOutput(context, 3, {samples})};
    if (!context->status().ok()) return;
    for (int64_t i = 0; i < samples; i++)
      OP_REQUIRES(context, inputs.actions[i] >= 0 && inputs.actions[i] < actions,
                  tensorflow::errors::InvalidArgument(type_string(), ": actions has ", inputs.actions[i],
                                                      "; the policy has ", actions, " actions, from 0 on"));
    std::vector<double> scratch(actions);
    ppoLoss(samples, actions, {settings[0], settings[1] != 0, settings[2], settings[3]}, inputs, outputs,
            scratch.data());
  }
};

REGISTER_KERNEL_BUILDER(Name("RimAgentsPpoLoss").Device(tensorflow::DEVICE_CPU), PpoLossOp);

}  // namespace
}  // namespace rim_agents
