// What our operations share: inputs that are checked before they are read, outputs, and a team of TensorFlow's threads.
#pragma once

#include <initializer_list>
#include <string>

#include "team.h"
#include "tensorflow/core/framework/op_kernel.h"
#include "tensorflow/core/platform/threadpool.h"

namespace rim_agents {

// Sizes that are read off shapes are held in int: none is larger than this, and no tensor that says sizes has more
// elements than that. So no product of sizes overflows before all shapes are found to agree.
constexpr int64_t kMostSize = int64_t{1} << 20, kMostElements = int64_t{1} << 30;

// Size of one dimension of input `index`, which must have `rank` dimensions, none of them 0; else makes the operation
// fail with a message that names it, and gives 1.
inline int inputSize(tensorflow::OpKernelContext* context, int index, const char* name, int rank, int dimension) {
  const tensorflow::TensorShape& shape = context->input(index).shape();
  bool isGood = shape.dims() == rank && shape.num_elements() > 0 && shape.num_elements() <= kMostElements;
  for (int i = 0; isGood && i < rank; i++) isGood = shape.dim_size(i) <= kMostSize;
  if (isGood) return static_cast<int>(shape.dim_size(dimension));
  context->CtxFailure(tensorflow::errors::InvalidArgument(
      context->op_kernel().type_string(), ": ", name, " has shape ", shape.DebugString(), " where ", rank,
      " dimensions from 1 to ", kMostSize, " and at most ", kMostElements, " elements were expected"));
  return 1;
}

// Gives input `index` if its shape is `sizes`; else makes the operation fail with a message that names it, and gives
// nullptr. An operation that has failed already gets nullptr: its sizes may be nonsense.
template <class Element = float>
const Element* checkedInput(tensorflow::OpKernelContext* context, int index, const char* name,
                            std::initializer_list<int64_t> sizes) {
  if (!context->status().ok()) return nullptr;
  const tensorflow::Tensor& tensor = context->input(index);
  const tensorflow::TensorShape expected(tensorflow::gtl::ArraySlice<int64_t>(sizes.begin(), sizes.size()));
  if (tensor.shape() == expected) return tensor.flat<Element>().data();
  context->CtxFailure(tensorflow::errors::InvalidArgument(context->op_kernel().type_string(), ": ", name, " has shape ",
                                                          tensor.shape().DebugString(), " where ",
                                                          expected.DebugString(), " was expected"));
  return nullptr;
}

// Gives an input that may be left out, by a tensor of shape (0): nullptr then, else as checkedInput.
inline const float* optionalInput(tensorflow::OpKernelContext* context, int index, const char* name,
                                  std::initializer_list<int64_t> sizes) {
  const bool isLeftOut = context->input(index).shape() == tensorflow::TensorShape({0});
  return isLeftOut ? nullptr : checkedInput(context, index, name, sizes);
}

// Allocates output `index`; nullptr where there is no memory, which makes the operation fail, and where it has failed.
inline float* makeOutput(tensorflow::OpKernelContext* context, int index, std::initializer_list<int64_t> sizes) {
  if (!context->status().ok()) return nullptr;
  tensorflow::Tensor* tensor = nullptr;
  const tensorflow::TensorShape shape(tensorflow::gtl::ArraySlice<int64_t>(sizes.begin(), sizes.size()));
  const auto status = context->allocate_output(index, shape, &tensor);
  if (status.ok()) return tensor->flat<float>().data();
  context->CtxFailure(status);
  return nullptr;
}

// Uninitialised floats, aligned to cache lines, that live as long as `holder`; nullptr as in makeOutput.
inline float* makeScratch(tensorflow::OpKernelContext* context, int64_t size, tensorflow::Tensor* holder) {
  if (!context->status().ok()) return nullptr;
  const auto status = context->allocate_temp(tensorflow::DT_FLOAT, tensorflow::TensorShape({size}), holder);
  if (status.ok()) return holder->flat<float>().data();
  context->CtxFailure(status);
  return nullptr;
}

// Threads of one operation, at most. Rounds of work are short: more members would wait for each other longer than they
// work.
constexpr int kMostThreads = 8;

// As many threads as TensorFlow may use, but at most `most`.
class OpTeam : public Team {
 public:
  OpTeam(tensorflow::OpKernelContext* context, int most = kMostThreads)
      : Team(std::min(most, context->device()->tensorflow_cpu_worker_threads()->num_threads),
             [context](std::function<void()> work) {
               context->device()->tensorflow_cpu_worker_threads()->workers->Schedule(std::move(work));
             }) {}
};

}  // namespace rim_agents
