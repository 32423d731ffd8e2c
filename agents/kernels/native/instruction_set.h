// Which of the instruction sets that *_core.cc files were compiled for this processor runs. The names are build.mjs's.
#pragma once

namespace rim_agents {

// avx512bf16: avx512 and products of bfloat16. Missing where the compiler does not know it.
enum class InstructionSet { baseline, avx2, avx512, avx512bf16 };

// The widest one this processor has, or a narrower one named by RIM_AGENTS_INSTRUCTION_SET. The same for the whole life
// of the process.
InstructionSet instructionSet();

const char* instructionSetName(InstructionSet set);

}  // namespace rim_agents

// A core file gives its functions in the namespace of its instruction set, and one of these picks the namespace that
// this processor runs:
//   RIM_AGENTS_DECLARE(void f(int x);)           in a header declares f once per instruction set
//   RIM_AGENTS_CALL(f)(3)                        elsewhere calls the right one
#if defined(RIM_AGENTS_HAS_AVX512BF16)
#define RIM_AGENTS_DECLARE_BF16(declarations) \
  namespace avx512bf16 {                      \
  declarations                                \
  }
#define RIM_AGENTS_CALL_WIDEST(name)                                                                           \
  (::rim_agents::instructionSet() == ::rim_agents::InstructionSet::avx512bf16 ? ::rim_agents::avx512bf16::name \
                                                                              : ::rim_agents::avx512::name)
#else
#define RIM_AGENTS_DECLARE_BF16(declarations)
#define RIM_AGENTS_CALL_WIDEST(name) ::rim_agents::avx512::name
#endif

#if defined(__x86_64__)
#define RIM_AGENTS_DECLARE(declarations) \
  namespace baseline {                   \
  declarations                           \
  }                                      \
  namespace avx2 {                       \
  declarations                           \
  }                                      \
  namespace avx512 {                     \
  declarations                           \
  }                                      \
  RIM_AGENTS_DECLARE_BF16(declarations)
#define RIM_AGENTS_CALL(name)                                                                            \
  (::rim_agents::instructionSet() >= ::rim_agents::InstructionSet::avx512 ? RIM_AGENTS_CALL_WIDEST(name) \
   : ::rim_agents::instructionSet() == ::rim_agents::InstructionSet::avx2 ? ::rim_agents::avx2::name     \
                                                                          : ::rim_agents::baseline::name)
#else
#define RIM_AGENTS_DECLARE(declarations) \
  namespace baseline {                   \
  declarations                           \
  }
#define RIM_AGENTS_CALL(name) ::rim_agents::baseline::name
#endif
