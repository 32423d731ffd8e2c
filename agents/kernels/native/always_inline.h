// For inline members that *_core.cc files share outside the namespace of their instruction set. What the compiler does
// not inline becomes one function for all objects, and the linker may keep that of an instruction set which this
// processor lacks; so these are inlined whatever the optimisation.
#pragma once

#define RIM_AGENTS_INLINE inline __attribute__((always_inline))
