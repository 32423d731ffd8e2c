// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "archive.h"

namespace ale {
class SoundRaw;
namespace stella {
class Random;
class System;
}  // namespace stella
}  // namespace ale

/** The chips, the cartridge and both pictures that TIA draws into. */
void machine_fields(Archive& a, ale::stella::System& system);

/** A generator's 624 words, from the next to be used on. */
void random_fields(Archive& a, ale::stella::Random& random);

/** What turns the sound registers into samples. */
void sound_fields(Archive& a, ale::SoundRaw& sound);
