// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "ale/ale_interface.hpp"

#define EXPORT(name) __attribute__((export_name(#name))) extern "C"

/** The one emulator of this WASM instance, made at its first use. */
ale::ALEInterface& emulator();
