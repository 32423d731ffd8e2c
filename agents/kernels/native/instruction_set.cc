#include "instruction_set.h"

#include <cstdlib>
#include <cstring>
#include <initializer_list>

namespace rim_agents {
namespace {

InstructionSet widest() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool hasAvx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
#if defined(RIM_AGENTS_HAS_AVX512BF16)
  if (hasAvx512 && __builtin_cpu_supports("avx512bf16")) return InstructionSet::avx512bf16;
#endif
  if (hasAvx512) return InstructionSet::avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return InstructionSet::avx2;
#endif
  return InstructionSet::baseline;
}

InstructionSet chosen() {
  const char* name = std::getenv("RIM_AGENTS_INSTRUCTION_SET");
  if (name)
    for (const InstructionSet set : {InstructionSet::baseline, InstructionSet::avx2, InstructionSet::avx512})
      if (std::strcmp(name, instructionSetName(set)) == 0 && set < widest()) return set;
  return widest();
}

}  // namespace

InstructionSet instructionSet() {
  static const InstructionSet set = chosen();
  return set;
}

const char* instructionSetName(InstructionSet set) {
  switch (set) {
    case InstructionSet::avx512bf16: return "avx512bf16";
    case InstructionSet::avx512: return "avx512";
    case InstructionSet::avx2: return "avx2";
    default: return "baseline";
  }
}

}  // namespace rim_agents
