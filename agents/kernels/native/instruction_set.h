// Which of the instruction sets that *_core.cc files were compiled for this processor runs. The names are build.mjs's.
#pragma once

namespace rim_agents {

enum class InstructionSet { baseline, avx2, avx512 };

// The widest one this processor has, or a narrower one named by RIM_AGENTS_INSTRUCTION_SET. The same for the whole life
// of the process.
InstructionSet instructionSet();

const char* instructionSetName(InstructionSet set);

}  // namespace rim_agents

// A core file gives its functions in the namespace of its instruction set, and one of these picks the namespace that
// this processor runs:
//   RIM_AGENTS_DECLARE(void f(int x);)           in a header declares f once per instruction set
//   RIM_AGENTS_CALL(f)(3)                        elsewhere calls the right one
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
  }
#define RIM_AGENTS_CALL(name)                                                                          \
  (::rim_agents::instructionSet() == ::rim_agents::InstructionSet::avx512 ? ::rim_agents::avx512::name \
   : ::rim_agents::instructionSet() == ::rim_agents::InstructionSet::avx2 ? ::rim_agents::avx2::name   \
                                                                          : ::rim_agents::baseline::name)
#else
#define RIM_AGENTS_DECLARE(declarations) \
  namespace baseline {                   \
  declarations                           \
  }
#define RIM_AGENTS_CALL(name) ::rim_agents::baseline::name
#endif
