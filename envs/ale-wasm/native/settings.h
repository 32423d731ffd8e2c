// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "archive.h"

/** Hands the settings to ALE, which reads them when a ROM is loaded. */
void apply_settings();

/** The settings, as part of a snapshot: they count from the next `load_rom` on. */
void settings_fields(Archive& a);
