#include "op_support.h"
#include "recurrent_core.h"
#include "tensorflow/core/framework/common_shape_fns.h"
#include "tensorflow/core/framework/op.h"

namespace rim_agents {
namespace {

using tensorflow::OpKernelConstruction;
using tensorflow::OpKernelContext;

REGISTER_OP("RimAgentsLstm")
    .Attr("bf16: bool")
    .Attr("is_recording: bool")
    .Input("x: float")
    .Input("keep: float")
    .Input("input: float")
    .Input("hidden: float")
    .Input("bias: float")
    .Input("h0: float")
    .Input("c0: float")
    .Output("tape: float")
    .Output("h: float")
    .Output("c: float")
    .SetShapeFn(tensorflow::shape_inference::UnknownShape)
    .Doc("Steps of an LSTM; see recurrent_core.h. The tape is empty unless is_recording.");

REGISTER_OP("RimAgentsLstmGradient")
    .Attr("bf16: bool")
    .Input("x: float")
    .Input("keep: float")
    .Input("input: float")
    .Input("hidden: float")
    .Input("bias: float")
    .Input("tape: float")
    .Input("dh: float")
    .Input("dc: float")
    .Output("dx: float")
    .Output("d_input: float")
    .Output("d_hidden: float")
    .Output("d_bias: float")
    .Output("dh0: float")
    .Output("dc0: float")
    .SetShapeFn(tensorflow::shape_inference::UnknownShape)
    .Doc("Gradient of RimAgentsLstm; tape is what it gave.");

REGISTER_OP("RimAgentsGru")
    .Attr("bf16: bool")
    .Attr("is_recording: bool")
    .Input("x: float")
    .Input("keep: float")
    .Input("input: float")
    .Input("hidden: float")
    .Input("bias: float")
    .Input("hidden_bias: float")
    .Input("h0: float")
    .Output("tape: float")
    .Output("h: float")
    .SetShapeFn(tensorflow::shape_inference::UnknownShape)
    .Doc("Steps of a GRU; see recurrent_core.h. The tape is empty unless is_recording.");

REGISTER_OP("RimAgentsGruGradient")
    .Attr("bf16: bool")
    .Input("x: float")
    .Input("keep: float")
    .Input("input: float")
    .Input("hidden: float")
    .Input("bias: float")
    .Input("hidden_bias: float")
    .Input("tape: float")
    .Input("dh: float")
    .Output("dx: float")
    .Output("d_input: float")
    .Output("d_hidden: float")
    .Output("d_bias: float")
    .Output("d_hidden_bias: float")
    .Output("dh0: float")
    .SetShapeFn(tensorflow::shape_inference::UnknownShape)
    .Doc("Gradient of RimAgentsGru; tape is what it gave.");

// All four operations begin with x, keep and the weights.
class Arguments {
 public:
  Arguments(OpKernelContext* context, bool isLstm, bool bf16) : context(context) {
    const auto sizeOfX = [&](int dimension) { return inputSize(context, 0, "x", 3, dimension); };
    sizes = {sizeOfX(0), sizeOfX(1), sizeOfX(2), inputSize(context, 3, "hidden", 2, 0), isLstm, bf16};
    inputs.x = next("x", {sizes.steps, sizes.batch, sizes.input});
    inputs.keep = next("keep", {sizes.steps, sizes.batch});
    weights.input = next("input", {sizes.input, sizes.gates()});
    weights.hidden = next("hidden", {sizes.units, sizes.gates()});
    weights.bias = next("bias", {sizes.gates()});
    weights.hiddenBias = isLstm ? nullptr : next("hidden_bias", {sizes.gates()});
  }

  // The next input, checked.
  const float* next(const char* name, std::initializer_list<int64_t> shape) {
    return checkedInput(context, index++, name, shape);
  }
  const float* nextState(const char* name) { return next(name, {sizes.batch, sizes.units}); }
  // The next input, nullptr if it is left out.
  const float* nextSequence(const char* name) {
    return optionalInput(context, index++, name, {sizes.steps, sizes.batch, sizes.units});
  }

  RecurrentSizes sizes;
  RecurrentInputs inputs = {};
  RecurrentWeights<const float> weights = {};

 private:
  OpKernelContext* const context;
  int index = 0;
};

template <bool isLstm>
class RecurrentOp : public tensorflow::OpKernel {
 public:
  explicit RecurrentOp(OpKernelConstruction* context) : OpKernel(context) {
    OP_REQUIRES_OK(context, context->GetAttr("bf16", &bf16_));
    OP_REQUIRES_OK(context, context->GetAttr("is_recording", &isRecording_));
  }

  void Compute(OpKernelContext* context) override {
    Arguments arguments(context, isLstm, bf16_);
    if (!context->status().ok()) return;
    const RecurrentSizes& s = arguments.sizes;
    arguments.inputs.h0 = arguments.nextState("h0");
    if (isLstm) arguments.inputs.c0 = arguments.nextState("c0");
    RecurrentTape tape;
    const int64_t tapeSize = layOutTape(s, isRecording_, nullptr, &tape);
    float* recorded = makeOutput(context, 0, {isRecording_ ? tapeSize : 0});
    const RecurrentStates out = {makeOutput(context, 1, {s.steps, s.batch, s.units}),
                                 isLstm ? makeOutput(context, 2, {s.steps, s.batch, s.units}) : nullptr};
    tensorflow::Tensor holder;
    const int64_t scratchSize = RIM_AGENTS_CALL(recurrentForwardScratch)(s);
    float* scratch = makeScratch(context, scratchSize + (isRecording_ ? 0 : tapeSize), &holder);
    if (!context->status().ok()) return;
    layOutTape(s, isRecording_, isRecording_ ? recorded : scratch + scratchSize, &tape);
    OpTeam team(context);
    RIM_AGENTS_CALL(recurrentForward)(s, arguments.weights, arguments.inputs, out, tape, isRecording_, scratch, team);
  }

 private:
  bool bf16_ = false, isRecording_ = false;
};

template <bool isLstm>
class RecurrentGradientOp : public tensorflow::OpKernel {
 public:
  explicit RecurrentGradientOp(OpKernelConstruction* context) : OpKernel(context) {
    OP_REQUIRES_OK(context, context->GetAttr("bf16", &bf16_));
  }

  void Compute(OpKernelContext* context) override {
    Arguments arguments(context, isLstm, bf16_);
    if (!context->status().ok()) return;
    const RecurrentSizes& s = arguments.sizes;
    RecurrentTape tape;
    const float* recorded = arguments.next("tape", {layOutTape(s, true, nullptr, &tape)});
    RecurrentStateGradients gradients = {arguments.nextSequence("dh"), nullptr};
    if (isLstm) gradients.c = arguments.nextSequence("dc");
    int index = 0;
    const auto output = [&](std::initializer_list<int64_t> shape) { return makeOutput(context, index++, shape); };
    RecurrentInputGradients inputGradients = {output({s.steps, s.batch, s.input}), nullptr, nullptr};
    const RecurrentWeights<float> weightGradients = {output({s.input, s.gates()}), output({s.units, s.gates()}),
                                                     output({s.gates()}), isLstm ? nullptr : output({s.gates()})};
    inputGradients.h0 = output({s.batch, s.units});
    if (isLstm) inputGradients.c0 = output({s.batch, s.units});
    tensorflow::Tensor holder;
    float* scratch = makeScratch(context, RIM_AGENTS_CALL(recurrentBackwardScratch)(s), &holder);
    if (!context->status().ok()) return;
    layOutTape(s, true, const_cast<float*>(recorded), &tape);
    OpTeam team(context);
    RIM_AGENTS_CALL(recurrentBackward)(s, arguments.weights, arguments.inputs, tape, gradients, weightGradients,
                                       inputGradients, scratch, team);
  }

 private:
  bool bf16_ = false;
};

REGISTER_KERNEL_BUILDER(Name("RimAgentsLstm").Device(tensorflow::DEVICE_CPU), RecurrentOp<true>);
REGISTER_KERNEL_BUILDER(Name("RimAgentsLstmGradient").Device(tensorflow::DEVICE_CPU), RecurrentGradientOp<true>);
REGISTER_KERNEL_BUILDER(Name("RimAgentsGru").Device(tensorflow::DEVICE_CPU), RecurrentOp<false>);
REGISTER_KERNEL_BUILDER(Name("RimAgentsGruGradient").Device(tensorflow::DEVICE_CPU), RecurrentGradientOp<false>);

}  // namespace
}  // namespace rim_agents
