// What our operations share: inputs that are checked before they are read, outputs, and a team of TensorFlow's threads.
#pragma once

#include <initializer_list>
#include <string>

#include "team.h"
#include "tensorflow/core/framework/op_kernel.h"
#include "tensorflow/core/platform/threadpool.h"

namespace rim_agents {

// Gives input `index` if its shape is `sizes`; else makes the operation fail with a message that names it, and gives
// nullptr.
template <class Element = float>
const Element* checkedInput(tensorflow::OpKernelContext* context, int index, const char* name,
                            std::initializer_list<int64_t> sizes) {
  const tensorflow::Tensor& tensor = context->input(index);
  const tensorflow::TensorShape expected(tensorflow::gtl::ArraySlice<int64_t>(sizes.begin(), sizes.size()));
  if (tensor.shape() == expected) return tensor.flat<Element>().data();
  context->CtxFailure(tensorflow::errors::InvalidArgument(context->op_kernel().type_string(), ": ", name, " has shape ",
                                                          tensor.shape().DebugString(), " where ",
                                                          expected.DebugString(), " was expected"));
  return nullptr;
}

// Allocates output `index`; nullptr, and a failed operation, where there is no memory.
inline float* makeOutput(tensorflow::OpKernelContext* context, int index, std::initializer_list<int64_t> sizes) {
  tensorflow::Tensor* tensor = nullptr;
  const tensorflow::TensorShape shape(tensorflow::gtl::ArraySlice<int64_t>(sizes.begin(), sizes.size()));
  const auto status = context->allocate_output(index, shape, &tensor);
  if (status.ok()) return tensor->flat<float>().data();
  context->CtxFailure(status);
  return nullptr;
}

// Uninitialised floats, aligned to cache lines, that live as long as `holder`; nullptr, and a failed operation, where
// there is no memory.
inline float* makeScratch(tensorflow::OpKernelContext* context, int64_t size, tensorflow::Tensor* holder) {
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
