#include "nature_cnn_core.h"
#include "op_support.h"
#include "tensorflow/core/framework/common_shape_fns.h"
#include "tensorflow/core/framework/op.h"

namespace rim_agents {
namespace {

using tensorflow::OpKernelConstruction;
using tensorflow::OpKernelContext;

// More than other operations: an item is a sample, or many, and takes long enough that every thread has its share.
constexpr int kMostSampleThreads = 16;

#define NATURE_CNN_INPUTS \
  .Input("frames: uint8") \
      .Input("w0: float") \
      .Input("b0: float") \
      .Input("w1: float") \
      .Input("b1: float") \
      .Input("w2: float") \
      .Input("b2: float")

REGISTER_OP("RimAgentsNatureCnn")
    .Attr("is_recording: bool")
    .Attr("bf16: bool") NATURE_CNN_INPUTS.Output("features: float")
    .Output("first: float")
    .Output("second: float")
    .SetShapeFn(tensorflow::shape_inference::UnknownShape)
    .Doc(
        "NatureCNN's convolutions; see nature_cnn_core.h. The first two layers' outputs are empty unless "
        "is_recording, and with bf16 half as wide: each float holds two numbers.");

REGISTER_OP("RimAgentsNatureCnnGradient")
    .Attr("bf16: bool") NATURE_CNN_INPUTS.Input("features: float")
    .Input("first: float")
    .Input("second: float")
    .Input("d_features: float")
    .Output("d_w0: float")
    .Output("d_b0: float")
    .Output("d_w1: float")
    .Output("d_b1: float")
    .Output("d_w2: float")
    .Output("d_b2: float")
    .SetShapeFn(tensorflow::shape_inference::UnknownShape)
    .Doc("Gradient of RimAgentsNatureCnn with respect to the weights; features, first and second are what it gave.");

// Floats in which the output of layer 0 or 1 is kept for the gradient.
constexpr int64_t keptWidth(int layer, bool bf16) { return kActivationSizes[layer] / (bf16 ? 2 : 1); }

// Frames and weights, with which both operations begin.
struct Arguments {
  explicit Arguments(OpKernelContext* context) {
    count = context->input(0).dims() == 4 ? context->input(0).dim_size(0) : 0;
    frames = checkedInput<uint8_t>(context, 0, "frames", {count, 84, 84, 4});
    weights = {checkedInput(context, 1, "w0", {8, 8, 4, 32}),  checkedInput(context, 2, "b0", {32}),
               checkedInput(context, 3, "w1", {4, 4, 32, 64}), checkedInput(context, 4, "b1", {64}),
               checkedInput(context, 5, "w2", {3, 3, 64, 64}), checkedInput(context, 6, "b2", {64})};
  }

  int64_t count;
  const uint8_t* frames;
  NatureCnnWeights<const float> weights;
};

class NatureCnnOp : public tensorflow::OpKernel {
 public:
  explicit NatureCnnOp(OpKernelConstruction* context) : OpKernel(context) {
    OP_REQUIRES_OK(context, context->GetAttr("is_recording", &isRecording_));
    OP_REQUIRES_OK(context, context->GetAttr("bf16", &bf16_));
  }

  void Compute(OpKernelContext* context) override {
    const Arguments arguments(context);
    const int64_t recorded = isRecording_ ? arguments.count : 0;
    float* features = makeOutput(context, 0, {arguments.count, kActivationSizes[2]});
    float* first = makeOutput(context, 1, {recorded, keptWidth(0, bf16_)});
    float* second = makeOutput(context, 2, {recorded, keptWidth(1, bf16_)});
    if (!context->status().ok()) return;
    OpTeam team(context, kMostSampleThreads);
    tensorflow::Tensor holder;
    float* scratch = makeScratch(context, RIM_AGENTS_CALL(natureCnnForwardScratch)(team.members()), &holder);
    if (!context->status().ok()) return;
    const NatureCnnActivations<float> activations = {isRecording_ ? first : nullptr, isRecording_ ? second : nullptr,
                                                     features};
    RIM_AGENTS_CALL(natureCnnForward)(bf16_, static_cast<int>(arguments.count), arguments.frames, arguments.weights,
                                      activations, scratch, team);
  }

 private:
  bool isRecording_ = false, bf16_ = false;
};

class NatureCnnGradientOp : public tensorflow::OpKernel {
 public:
  explicit NatureCnnGradientOp(OpKernelConstruction* context) : OpKernel(context) {
    OP_REQUIRES_OK(context, context->GetAttr("bf16", &bf16_));
  }

  void Compute(OpKernelContext* context) override {
    const Arguments arguments(context);
    const int64_t count = arguments.count;
    const float* features = checkedInput(context, 7, "features", {count, kActivationSizes[2]});
    const float* first = checkedInput(context, 8, "first", {count, keptWidth(0, bf16_)});
    const float* second = checkedInput(context, 9, "second", {count, keptWidth(1, bf16_)});
    const float* dFeatures = checkedInput(context, 10, "d_features", {count, kActivationSizes[2]});
    const NatureCnnWeights<float> gradients = {makeOutput(context, 0, {8, 8, 4, 32}),  makeOutput(context, 1, {32}),
                                               makeOutput(context, 2, {4, 4, 32, 64}), makeOutput(context, 3, {64}),
                                               makeOutput(context, 4, {3, 3, 64, 64}), makeOutput(context, 5, {64})};
    if (!context->status().ok()) return;
    OpTeam team(context, kMostSampleThreads);
    tensorflow::Tensor holder;
    float* scratch = makeScratch(
        context, RIM_AGENTS_CALL(natureCnnBackwardScratch)(static_cast<int>(count), team.members()), &holder);
    if (!context->status().ok()) return;
    RIM_AGENTS_CALL(natureCnnBackward)(bf16_, static_cast<int>(count), arguments.frames, arguments.weights,
                                       {first, second, features}, dFeatures, gradients, scratch, team);
  }

 private:
  bool bf16_ = false;
};

REGISTER_KERNEL_BUILDER(Name("RimAgentsNatureCnn").Device(tensorflow::DEVICE_CPU), NatureCnnOp);
REGISTER_KERNEL_BUILDER(Name("RimAgentsNatureCnnGradient").Device(tensorflow::DEVICE_CPU), NatureCnnGradientOp);

}  // namespace
}  // namespace rim_agents
