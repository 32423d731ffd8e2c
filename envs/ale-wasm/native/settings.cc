// SPDX-License-Identifier: GPL-2.0-only
// The settings, as numbers in a row that the host writes into; src/settings.ts names them in the same order.
#include "settings.h"

#include <limits>

#include "emulator.h"

namespace {

constexpr double smallestInt = std::numeric_limits<int32_t>::min();
constexpr double biggestInt = std::numeric_limits<int32_t>::max();

struct Setting {
  const char* key;  // ALE's
  enum { Integer, Real, Flag } type;
  double value, least, most;
};

// ALE's defaults but for the seed, which would be the clock: the same calls are to give the same game.
Setting settings[] = {
    {"random_seed", Setting::Integer, 0, 0, 4294967294.0},
    {"repeat_action_probability", Setting::Real, 0.25, 0, 1},
    {"max_num_frames_per_episode", Setting::Integer, 0, 0, biggestInt},
    {"frame_skip", Setting::Integer, 1, 1, 1000},
    {"reward_min", Setting::Integer, smallestInt, smallestInt, biggestInt},
    {"reward_max", Setting::Integer, biggestInt, smallestInt, biggestInt},
    {"truncate_on_loss_of_life", Setting::Flag, 0, 0, 1},
    {"color_averaging", Setting::Flag, 0, 0, 1},
    {"sound_obs", Setting::Flag, 0, 0, 1},
};

}  // namespace

void apply_settings() {
  ale::ALEInterface& ale = emulator();
  for (const Setting& setting : settings) {
    // A seed of more than 31 bits goes through ALE's signed setting as these bits.
    const auto integer = static_cast<int32_t>(static_cast<int64_t>(setting.value));
    if (setting.type == Setting::Integer) ale.setInt(setting.key, integer);
    if (setting.type == Setting::Real) ale.setFloat(setting.key, static_cast<float>(setting.value));
    if (setting.type == Setting::Flag) ale.setBool(setting.key, setting.value != 0);
  }
  // Two games widen their paddle's range for good; the next game is not to inherit it.
  ale.setInt("paddle_max", -1);
}

void settings_fields(Archive& a) {
  for (Setting& setting : settings) a.real(setting.key, setting.value, setting.least, setting.most);
}

EXPORT(get_setting) double get_setting(int32_t index) { return settings[index].value; }
EXPORT(set_setting) void set_setting(int32_t index, double value) { settings[index].value = value; }
