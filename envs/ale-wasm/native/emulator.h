// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "ale/ale_interface.hpp"

#define EXPORT(name) __attribute__((export_name(#name))) extern "C"

/** The one emulator of this WASM instance, made at its first use. */
ale::ALEInterface& emulator();

/** To be called after a ROM was loaded: palette and screen size may have changed. */
void agent_step_rom_loaded();
