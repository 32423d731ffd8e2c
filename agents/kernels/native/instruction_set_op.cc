#include "instruction_set.h"
#include "tensorflow/core/framework/common_shape_fns.h"
#include "tensorflow/core/framework/op.h"
#include "tensorflow/core/framework/op_kernel.h"

namespace rim_agents {
namespace {

REGISTER_OP("RimAgentsInstructionSet")
    .Output("name: string")
    .SetShapeFn(tensorflow::shape_inference::ScalarShape)
    .Doc("Name of the instruction set that our operations use on this processor.");

class InstructionSetOp : public tensorflow::OpKernel {
 public:
  using OpKernel::OpKernel;

  void Compute(tensorflow::OpKernelContext* context) override {
    tensorflow::Tensor* name = nullptr;
    OP_REQUIRES_OK(context, context->allocate_output(0, {}, &name));
    name->scalar<tensorflow::tstring>()() = instructionSetName(instructionSet());
  }
};

REGISTER_KERNEL_BUILDER(Name("RimAgentsInstructionSet").Device(tensorflow::DEVICE_CPU), InstructionSetOp);

}  // namespace
}  // namespace rim_agents
