#include <algorithm>
#include <cstring>
#include <vector>

#include "op_support.h"
#include "tensorflow/core/framework/common_shape_fns.h"
#include "tensorflow/core/framework/op.h"

namespace rim_agents {
namespace {

REGISTER_OP("RimAgentsSplit")
    .Input("flat: float")
    .Attr("n: int >= 1")
    .Attr("ranks: list(int)")
    .Attr("sizes: list(int)")
    .Output("parts: n * float")
    .SetShapeFn(tensorflow::shape_inference::UnknownShape)
    .Doc(
        "Cuts a vector into n tensors, one after the other. ranks: the number of dimensions of each; sizes: the sizes "
        "of all dimensions of the first, then of the second, and so on. Parts share the vector's memory where that is "
        "aligned as TensorFlow's operations want it.");

REGISTER_OP("RimAgentsJoin")
    .Input("parts: n * float")
    .Attr("n: int >= 1")
    .Output("flat: float")
    .SetShapeFn(tensorflow::shape_inference::UnknownShape)
    .Doc("The elements of n tensors, one after the other, as one vector.");

// Copies of floats, shared out among threads piece by piece.
class Copies {
 public:
  void add(const float* from, float* to, int64_t size) {
    for (int64_t begin = 0; begin < size; begin += kPiece)
      pieces_.push_back({from + begin, to + begin, std::min(kPiece, size - begin)});
  }

  void run(tensorflow::OpKernelContext* context) const {
    OpTeam team(context);
    team.each(static_cast<int>(pieces_.size()),
              [&](int i) { std::memcpy(pieces_[i].to, pieces_[i].from, pieces_[i].size * sizeof(float)); });
  }

 private:
  static constexpr int64_t kPiece = 65536;
  struct Piece {
    const float* from;
    float* to;
    int64_t size;
  };
  std::vector<Piece> pieces_;
};

class SplitOp : public tensorflow::OpKernel {
 public:
  explicit SplitOp(tensorflow::OpKernelConstruction* construction) : OpKernel(construction) {
    int n = 0;
    std::vector<int64_t> ranks, sizes;
    OP_REQUIRES_OK(construction, construction->GetAttr("n", &n));
    OP_REQUIRES_OK(construction, construction->GetAttr("ranks", &ranks));
    OP_REQUIRES_OK(construction, construction->GetAttr("sizes", &sizes));
    size_t used = 0;
    for (const int64_t rank : ranks) {
      tensorflow::TensorShape shape;
      for (int64_t i = 0; i < rank && used < sizes.size(); i++)
        OP_REQUIRES_OK(construction, shape.AddDimWithStatus(sizes[used++]));
      OP_REQUIRES(construction, shape.dims() == rank && shape.num_elements() <= kMostElements, wrongShapes());
      shapes_.push_back(shape);
    }
    OP_REQUIRES(construction, ranks.size() == static_cast<size_t>(n) && used == sizes.size(), wrongShapes());
  }

  void Compute(tensorflow::OpKernelContext* context) override {
    const tensorflow::Tensor& flat = context->input(0);
    int64_t total = 0;
    for (const tensorflow::TensorShape& shape : shapes_) total += shape.num_elements();
    checkedInput(context, 0, "flat", {total});
    if (!context->status().ok()) return;
    int64_t begin = 0;
    Copies copies;
    for (size_t i = 0; i < shapes_.size(); i++) {
      const int64_t end = begin + shapes_[i].num_elements();
      const tensorflow::Tensor slice = flat.Slice(begin, end);
      tensorflow::Tensor part;
      if (slice.IsAligned()) {
        OP_REQUIRES(context, part.CopyFrom(slice, shapes_[i]), wrongShapes());
      } else {
        OP_REQUIRES_OK(context, context->allocate_temp(tensorflow::DT_FLOAT, shapes_[i], &part));
        copies.add(flat.flat<float>().data() + begin, part.flat<float>().data(), end - begin);
      }
      context->set_output(i, part);
      begin = end;
    }
    copies.run(context);
  }

 private:
  static tensorflow::Status wrongShapes() {
    return tensorflow::errors::InvalidArgument("RimAgentsSplit: ranks and sizes do not say n shapes");
  }

  std::vector<tensorflow::TensorShape> shapes_;
};

class JoinOp : public tensorflow::OpKernel {
 public:
  using OpKernel::OpKernel;

  void Compute(tensorflow::OpKernelContext* context) override {
    int64_t total = 0;
    for (int i = 0; i < context->num_inputs(); i++) total += context->input(i).NumElements();
    float* flat = makeOutput(context, 0, {total});
    if (!context->status().ok()) return;
    Copies copies;
    for (int i = 0; i < context->num_inputs(); i++) {
      const tensorflow::Tensor& part = context->input(i);
      copies.add(part.flat<float>().data(), flat, part.NumElements());
      flat += part.NumElements();
    }
    copies.run(context);
  }
};

REGISTER_KERNEL_BUILDER(Name("RimAgentsSplit").Device(tensorflow::DEVICE_CPU), SplitOp);
REGISTER_KERNEL_BUILDER(Name("RimAgentsJoin").Device(tensorflow::DEVICE_CPU), JoinOp);

}  // namespace
}  // namespace rim_agents
