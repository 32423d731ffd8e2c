// SPDX-License-Identifier: GPL-2.0-only
// ALE's interface as plain functions: one emulator per WASM instance. The host has checked every argument, because ALE
// answers a bad ROM or action with std::exit.
#include <array>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "ale/ale_interface.hpp"
#include "ale/emucore/MD5.hxx"
#include "emulator.h"
#include "settings.h"

using ale::Action;

namespace {

constexpr const char* romPath = "/game.bin";
constexpr size_t largestRom = 512 * 1024;

std::vector<uint8_t> gray;
std::vector<uint8_t> rgb;
std::vector<uint32_t> listed;
std::string text;

/** Lays a list out for the host: the count, then the numbers. Valid until the next list. */
template <typename Numbers>
const uint32_t* list(const Numbers& numbers) {
  listed.assign(1, static_cast<uint32_t>(numbers.size()));
  for (auto number : numbers) listed.push_back(static_cast<uint32_t>(number));
  return listed.data();
}

const char* keep(std::string value) {
  text = std::move(value);
  return text.c_str();
}

}  // namespace

ale::ALEInterface& emulator() {
  static ale::ALEInterface* instance = [] {
    ale::Logger::setMode(ale::Logger::Error);
    return new ale::ALEInterface();
  }();
  return *instance;
}

/** MD5, in hexadecimal, of the ROM file that the host has laid down. */
EXPORT(rom_md5) const char* rom_md5() {
  std::vector<uint8_t> bytes(largestRom);
  FILE* file = std::fopen(romPath, "rb");
  if (!file) return keep("");
  bytes.resize(std::fread(bytes.data(), 1, bytes.size(), file));
  std::fclose(file);
  return keep(ale::stella::MD5(bytes.data(), static_cast<uint32_t>(bytes.size())));
}

EXPORT(load_rom) void load_rom() {
  apply_settings();
  emulator().loadROM(romPath);
  // ALE leaves the strengths that belong to the pending no-op undefined; a snapshot holds them.
  ale::StellaEnvironment& environment = *emulator().environment;
  environment.m_paddle_a_strength = environment.m_paddle_b_strength = 1;
}

EXPORT(act) int32_t act(int32_t action, float strength) {
  return emulator().act(static_cast<Action>(action), strength);
}
EXPORT(reset_game) void reset_game() { emulator().reset_game(); }
EXPORT(game_over) int32_t game_over() { return emulator().game_over(); }
EXPORT(game_terminal) int32_t game_terminal() { return emulator().game_over(false); }
EXPORT(game_truncated) int32_t game_truncated() { return emulator().game_truncated(); }
EXPORT(lives) int32_t lives() { return emulator().lives(); }
EXPORT(frame_number) int32_t frame_number() { return emulator().getFrameNumber(); }
EXPORT(episode_frame_number) int32_t episode_frame_number() { return emulator().getEpisodeFrameNumber(); }

EXPORT(screen_width) int32_t screen_width() { return static_cast<int32_t>(emulator().getScreen().width()); }
EXPORT(screen_height) int32_t screen_height() { return static_cast<int32_t>(emulator().getScreen().height()); }
EXPORT(screen) const uint8_t* screen() { return emulator().getScreen().getArray(); }
EXPORT(ram) const uint8_t* ram() { return emulator().getRAM().array(); }

EXPORT(set_ram) void set_ram(uint32_t index, uint32_t value) {
  emulator().setRAM(index, static_cast<uint8_t>(value));
}

EXPORT(audio) const uint8_t* audio() { return emulator().getAudio().data(); }
EXPORT(audio_length) uint32_t audio_length() { return static_cast<uint32_t>(emulator().getAudio().size()); }

EXPORT(screen_gray) const uint8_t* screen_gray() {
  emulator().getScreenGrayscale(gray);
  return gray.data();
}

EXPORT(screen_rgb) const uint8_t* screen_rgb() {
  emulator().getScreenRGB(rgb);
  return rgb.data();
}

EXPORT(minimal_actions) const uint32_t* minimal_actions() { return list(emulator().getMinimalActionSet()); }
EXPORT(legal_actions) const uint32_t* legal_actions() { return list(emulator().getLegalActionSet()); }
EXPORT(available_modes) const uint32_t* available_modes() { return list(emulator().getAvailableModes()); }
EXPORT(available_difficulties) const uint32_t* available_difficulties() {
  return list(emulator().getAvailableDifficulties());
}
EXPORT(mode) uint32_t mode() { return emulator().getMode(); }
EXPORT(difficulty) uint32_t difficulty() { return emulator().getDifficulty(); }
EXPORT(set_mode) void set_mode(uint32_t mode) { emulator().setMode(mode); }
EXPORT(set_difficulty) void set_difficulty(uint32_t difficulty) { emulator().setDifficulty(difficulty); }
