// SPDX-License-Identifier: GPL-2.0-only
// What a C++ exception does here: wasi-libc++ has no unwinder, so a throw hands its message to the host, which raises a
// JavaScript error and never comes back. The instance is unusable after that; the host sees to it that nobody tries.
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <typeinfo>

__attribute__((import_module("host"), import_name("fail"), noreturn)) extern "C" void host_fail(const char* message,
                                                                                                 size_t bytes);

namespace {

/** The message of a thrown object, whose type is only known at run time. */
const char* message_of(void* thrown, const std::type_info& type) {
  if (type == typeid(std::runtime_error) || type == typeid(std::invalid_argument) ||
      type == typeid(std::out_of_range)) {
    return static_cast<std::exception*>(thrown)->what();
  }
  if (type == typeid(const char*)) return *static_cast<const char**>(thrown);
  return type.name();
}

}  // namespace

extern "C" {

void* __cxa_allocate_exception(size_t bytes) { return std::malloc(bytes); }

void __cxa_free_exception(void* thrown) { std::free(thrown); }

[[noreturn]] void __cxa_throw(void* thrown, std::type_info* type, void (*)(void*)) {
  const char* message = message_of(thrown, *type);
  host_fail(message, std::strlen(message));
}

}  // extern "C"
