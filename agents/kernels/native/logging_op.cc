// Keeps TensorFlow's informational messages off the user's screen. TensorFlow writes the first of them while its
// library is being loaded, before any call could set a level; so this function stands in for the library's own of the
// same name (the dynamic linker finds the binding's first).
#include <cstdio>
#include <cstdlib>

#include "absl/base/log_severity.h"
#include "absl/log/internal/globals.h"

namespace absl {
ABSL_NAMESPACE_BEGIN
namespace log_internal {

// Warnings and information are shown only where TF_CPP_MIN_LOG_LEVEL asks for them: 0 information, 1 warnings, 2 (the
// default) errors.
void WriteToStderr(absl::string_view message, absl::LogSeverity severity) {
  const char* level = std::getenv("TF_CPP_MIN_LOG_LEVEL");
  if (static_cast<int>(severity) < (level ? std::atoi(level) : 2)) return;
  std::fwrite(message.data(), 1, message.size(), stderr);
}

}  // namespace log_internal
ABSL_NAMESPACE_END
}  // namespace absl
