#include "op_support.h"
#include "rim_core.h"
#include "tensorflow/core/framework/common_shape_fns.h"
#include "tensorflow/core/framework/op.h"

namespace rim_agents {
namespace {

using tensorflow::OpKernelConstruction;
using tensorflow::OpKernelContext;

// Inputs of both operations begin with x, keep, the parameters and dropout, in this order.
constexpr int kX = 0, kKeep = 1, kWeights = 2, kWeightCount = 14;
constexpr int kDropout = kWeights + kWeightCount, kRest = kDropout + 1;

#define RIM_SIZES                                                                            \
  .Attr("modules: int")                                                                      \
      .Attr("active_modules: int")                                                           \
      .Attr("element_widths: list(int)")                                                     \
      .Attr("input_heads: int")                                                              \
      .Attr("comm_heads: int")                                                               \
      .Attr("is_lstm: bool")                                                                 \
      .Attr("attends_to_input: bool")                                                        \
      .Attr("communicates: bool")                                                            \
      .Attr("reads_candidate: bool")                                                         \
      .Attr("is_gated: bool")                                                                \
      .Attr("drops: bool")                                                                   \
      .Attr("bf16: bool")
#define RIM_INPUTS                 \
  .Input("x: float")               \
      .Input("keep: float")        \
      .Input("input_query: float") \
      .Input("input_key: float")   \
      .Input("input_value: float") \
      .Input("rnn_input: float")   \
      .Input("rnn_hidden: float")  \
      .Input("rnn_bias: float")    \
      .Input("comm_query: float")  \
      .Input("comm_key: float")    \
      .Input("comm_value: float")  \
      .Input("comm_out: float")    \
      .Input("comm_out_bias: float")    \
      .Input("rnn_hidden_bias: float")  \
      .Input("comm_gate: float")        \
      .Input("comm_gate_bias: float")   \
      .Input("dropout: int32")

REGISTER_OP("RimAgentsRim")
RIM_SIZES.Attr("is_recording: bool") RIM_INPUTS.Input("h0: float")
    .Input("c0: float")
    .Output("h: float")
    .Output("c: float")
    .Output("active: float")
    .Output("null_attention: float")
    .Output("tape: float")
    .SetShapeFn(tensorflow::shape_inference::UnknownShape)
    .Doc(
        "Steps of a layer of Recurrent Independent Mechanisms; see rim_core.h. The tape is empty unless is_recording.");

REGISTER_OP("RimAgentsRimGradient")
RIM_SIZES RIM_INPUTS.Input("active: float")
    .Input("tape: float")
    .Input("dh: float")
    .Input("dc: float")
    .Output("dx: float")
    .Output("dh0: float")
    .Output("dc0: float")
    .Output("d_input_query: float")
    .Output("d_input_key: float")
    .Output("d_input_value: float")
    .Output("d_rnn_input: float")
    .Output("d_rnn_hidden: float")
    .Output("d_rnn_bias: float")
    .Output("d_comm_query: float")
    .Output("d_comm_key: float")
    .Output("d_comm_value: float")
    .Output("d_comm_out: float")
    .Output("d_comm_out_bias: float")
    .Output("d_rnn_hidden_bias: float")
    .Output("d_comm_gate: float")
    .Output("d_comm_gate_bias: float")
    .SetShapeFn(tensorflow::shape_inference::UnknownShape)
    .Doc("Gradient of RimAgentsRim; active and tape are what it gave. dh or dc of shape (0) is as good as zeros.");

class RimBase : public tensorflow::OpKernel {
 public:
  explicit RimBase(OpKernelConstruction* context) : OpKernel(context) {
    OP_REQUIRES_OK(context, context->GetAttr("modules", &modules_));
    OP_REQUIRES_OK(context, context->GetAttr("active_modules", &active_));
    OP_REQUIRES_OK(context, context->GetAttr("element_widths", &elementWidths_));
    OP_REQUIRES_OK(context, context->GetAttr("input_heads", &inputHeads_));
    OP_REQUIRES_OK(context, context->GetAttr("comm_heads", &commHeads_));
    OP_REQUIRES_OK(context, context->GetAttr("is_lstm", &isLstm_));
    OP_REQUIRES_OK(context, context->GetAttr("attends_to_input", &attendsToInput_));
    OP_REQUIRES_OK(context, context->GetAttr("communicates", &communicates_));
    OP_REQUIRES_OK(context, context->GetAttr("reads_candidate", &readsCandidate_));
    OP_REQUIRES_OK(context, context->GetAttr("is_gated", &isGated_));
    OP_REQUIRES_OK(context, context->GetAttr("drops", &drops_));
    OP_REQUIRES_OK(context, context->GetAttr("bf16", &bf16_));
    const auto require = [&](bool isGood, const auto&... message) {
      OP_REQUIRES(context, isGood, tensorflow::errors::InvalidArgument(type_string(), ": ", message...));
    };
    require(modules_ >= 1 && modules_ <= kMostModules, modules_, " modules; from 1 to ", kMostModules, " are possible");
    require(active_ >= 1 && active_ <= modules_, active_, " active modules of ", modules_);
    require(attendsToInput_ || active_ == modules_, active_, " active modules of ", modules_,
            ", which must be all if attends_to_input is false");
    const int64_t elements = elementWidths_.size();
    require(elements >= 1 && elements <= kMostInputs, "element_widths has ", elements, " entries; from 1 to ",
            kMostInputs, " are possible");
    for (const int width : elementWidths_)
      require(width >= 1 && width <= kMostSize, "element_widths has ", width, "; at least 1 is needed");
    require(inputHeads_ >= 1 && inputHeads_ <= kMostSize, "input_heads is ", inputHeads_, "; at least 1 is needed");
    require(!communicates_ || (commHeads_ >= 1 && commHeads_ <= kMostSize), "comm_heads is ", commHeads_,
            "; at least 1 is needed");
    require(communicates_ || commHeads_ == 0, "comm_heads is ", commHeads_, "; 0 is needed if communicates is false");
  }

 protected:
  // Reads sizes off the shapes of x and of parameters that say them; check() compares all others with these.
  RimSizes sizes(OpKernelContext* context) const {
    RimSizes s = {};
    const auto size = [&](int input, const char* name, int rank, int dimension) {
      return inputSize(context, input, name, rank, dimension);
    };
    s.modules = modules_;
    s.active = active_;
    s.isLstm = isLstm_;
    s.attendsToInput = attendsToInput_;
    s.communicates = communicates_;
    s.readsCandidate = readsCandidate_ && communicates_;
    s.isGated = isGated_ && communicates_;
    s.bf16 = bf16_;
    s.drops = drops_;
    // Seed and threshold, 32 bits each without sign.
    const int32_t* dropout = checkedInput<int32_t>(context, kDropout, "dropout", {drops_ ? 2 : 0});
    if (drops_ && dropout) {
      s.dropoutSeed = static_cast<uint32_t>(dropout[0]);
      s.dropoutThreshold = static_cast<uint32_t>(dropout[1]);
    }
    s.inputHeads = inputHeads_;
    s.commHeads = commHeads_;
    s.elements = static_cast<int>(elementWidths_.size());
    std::copy(elementWidths_.begin(), elementWidths_.end(), s.elementWidths);
    s.steps = size(kX, "x", 3, 0);
    s.batch = size(kX, "x", 3, 1);
    s.input = s.elementBegin(s.elements);
    s.units = size(kWeights + 4, "rnn_hidden", 3, 1);
    s.inputKey = attendsToInput_ ? size(kWeights, "input_query", 3, 2) / inputHeads_ : 0;
    s.inputValue = size(kWeights + 2, "input_value", 2, 1) / inputHeads_;
    s.commKey = communicates_ ? size(kWeights + 6, "comm_query", 3, 2) / commHeads_ : 0;
    s.commValue = communicates_ ? size(kWeights + 8, "comm_value", 3, 2) / commHeads_ : 0;
    return s;
  }

  // All parameters, or their gradients, in the order in which the operations take and give them.
  // @param get gives the numbers of what has this name and shape
  template <class Float, class Get>
  static RimWeights<Float> eachWeight(const RimSizes& s, const Get& get) {
    const int64_t n = s.modules, m = s.units;
    const int64_t gru = s.isLstm ? 0 : 1, gate = s.isGated ? 1 : 0, communication = s.communicates ? 1 : 0;
    return {
        get("input_query", {n, m, s.keys()}),
        get("input_key", {s.input, s.keys()}),
        get("input_value", {s.input, s.values()}),
        get("rnn_input", {n, s.values(), s.gates()}),
        get("rnn_hidden", {n, m, s.gates()}),
        get("rnn_bias", {n, s.gates()}),
        get("comm_query", {n, m, s.query()}),
        get("comm_key", {n, m, s.query()}),
        get("comm_value", {n, m, s.message()}),
        get("comm_out", {s.message(), m}),
        // Of no rows where the variant has none.
        get("comm_out_bias", {communication * m}),
        get("rnn_hidden_bias", {gru * n, s.gates()}),
        get("comm_gate", {gate * s.message(), m}),
        get("comm_gate_bias", {gate * m}),
    };
  }

  static RimWeights<const float> weights(OpKernelContext* context, const RimSizes& s) {
    int index = kWeights;
    return eachWeight<const float>(s, [&](const char* name, std::initializer_list<int64_t> shape) {
      return checkedInput(context, index++, name, shape);
    });
  }

  static const float* x(OpKernelContext* context, const RimSizes& s) {
    return checkedInput(context, kX, "x", {s.steps, s.batch, s.input});
  }
  static const float* keep(OpKernelContext* context, const RimSizes& s) {
    return checkedInput(context, kKeep, "keep", {s.steps, s.batch});
  }

 private:
  int modules_ = 0, active_ = 0, inputHeads_ = 0, commHeads_ = 0;
  std::vector<int> elementWidths_;
  bool isLstm_ = true, attendsToInput_ = true, communicates_ = true;
  bool readsCandidate_ = false, isGated_ = false, drops_ = false, bf16_ = false;
};

class RimOp : public RimBase {
 public:
  explicit RimOp(OpKernelConstruction* context) : RimBase(context) {
    OP_REQUIRES_OK(context, context->GetAttr("is_recording", &isRecording_));
  }

  void Compute(OpKernelContext* context) override {
    const RimSizes s = sizes(context);
    if (!context->status().ok()) return;
    const RimInputs inputs = {x(context, s), checkedInput(context, kRest, "h0", {s.batch, s.state()}),
                              checkedInput(context, kRest + 1, "c0", {s.batch, s.cell()}), keep(context, s)};
    const RimWeights<const float> parameters = weights(context, s);
    const RimOutputs outputs = {
        makeOutput(context, 0, {s.steps, s.batch, s.state()}), makeOutput(context, 1, {s.steps, s.batch, s.cell()}),
        makeOutput(context, 2, {s.steps, s.batch, s.modules}), makeOutput(context, 3, {s.steps, s.batch, s.modules})};
    RimTape tape;
    const int64_t tapeSize = layOutTape(s, isRecording_, nullptr, &tape);
    float* recorded = makeOutput(context, 4, {isRecording_ ? tapeSize : 0});
    tensorflow::Tensor holder;
    const int64_t scratchSize = RIM_AGENTS_CALL(rimForwardScratch)(s);
    float* scratch = makeScratch(context, scratchSize + (isRecording_ ? 0 : tapeSize), &holder);
    if (!context->status().ok()) return;
    layOutTape(s, isRecording_, isRecording_ ? recorded : scratch + scratchSize, &tape);
    OpTeam team(context);
    RIM_AGENTS_CALL(rimForward)(s, parameters, inputs, outputs, tape, isRecording_, scratch, team);
  }

 private:
  bool isRecording_ = false;
};

class RimGradientOp : public RimBase {
 public:
  using RimBase::RimBase;

  void Compute(OpKernelContext* context) override {
    const RimSizes s = sizes(context);
    if (!context->status().ok()) return;
    const RimInputs inputs = {x(context, s), nullptr, nullptr, keep(context, s)};
    const RimWeights<const float> parameters = weights(context, s);
    RimTape tape;
    const float* active = checkedInput(context, kRest, "active", {s.steps, s.batch, s.modules});
    const float* recorded = checkedInput(context, kRest + 1, "tape", {layOutTape(s, true, nullptr, &tape)});
    const RimOutputGradients outputGradients = {optionalInput(context, kRest + 2, "dh", {s.steps, s.batch, s.state()}),
                                                optionalInput(context, kRest + 3, "dc", {s.steps, s.batch, s.cell()})};
    const RimInputGradients inputGradients = {makeOutput(context, 0, {s.steps, s.batch, s.input}),
                                              makeOutput(context, 1, {s.batch, s.state()}),
                                              makeOutput(context, 2, {s.batch, s.cell()})};
    int index = 3;
    const auto gradients = eachWeight<float>(
        s, [&](const char*, std::initializer_list<int64_t> shape) { return makeOutput(context, index++, shape); });
    tensorflow::Tensor holder;
    float* scratch = makeScratch(context, RIM_AGENTS_CALL(rimBackwardScratch)(s), &holder);
    if (!context->status().ok()) return;
    layOutTape(s, true, const_cast<float*>(recorded), &tape);
    OpTeam team(context);
    RIM_AGENTS_CALL(rimBackward)(s, parameters, inputs, active, tape, outputGradients, gradients, inputGradients,
                                 scratch, team);
  }
};

REGISTER_KERNEL_BUILDER(Name("RimAgentsRim").Device(tensorflow::DEVICE_CPU), RimOp);
REGISTER_KERNEL_BUILDER(Name("RimAgentsRimGradient").Device(tensorflow::DEVICE_CPU), RimGradientOp);

}  // namespace
}  // namespace rim_agents
