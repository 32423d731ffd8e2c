// SPDX-License-Identifier: GPL-2.0-only
// A snapshot holds all that the next frames depend on, so that what follows a restore equals what would have followed
// the save: beyond ALE's cloneState the pending sticky action, both generators, the screens and the sound.
#include <algorithm>
#include <limits>
#include <string>

#include "ale/common/SoundNull.hxx"
#include "ale/common/SoundRaw.hxx"
#include "ale/emucore/Console.hxx"
#include "ale/emucore/Switches.hxx"
#include "ale/games/supported/Atlantis2.hpp"
#include "ale/games/supported/ChopperCommand.hpp"
#include "ale/games/supported/DemonAttack.hpp"
#include "ale/games/supported/Hangman.hpp"
#include "ale/games/supported/MiniatureGolf.hpp"
#include "ale/games/supported/RiverRaid.hpp"
#include "ale/games/supported/VideoCheckers.hpp"
#include "ale/games/supported/VideoCube.hpp"
#include "emulator.h"
#include "settings.h"
#include "snapshot.h"

namespace {

constexpr int64_t largestInt = std::numeric_limits<int32_t>::max();
std::vector<uint8_t> snapshotBytes;
bool keepRandom;

/** ALE keeps a game's score, lives and end in fields of its own; it saves most of them. */
void game_fields(Archive& a, ale::RomSettings& game) {
  using ale::stella::Serializer;
  Serializer saved;
  game.saveState(saved);
  std::string text = saved.get_str();
  uint32_t length = static_cast<uint32_t>(text.size());
  a.number("the game's fields", length, static_cast<int64_t>(text.size()), static_cast<int64_t>(text.size()));
  // ALE's serializer writes words; a text among them would end on a part of one.
  a.require(text.size() % 4 == 0, "the game's fields");
  if (a.wrong()) return;
  std::vector<uint32_t> words(text.size() / 4);
  std::memcpy(words.data(), text.data(), text.size());
  // A flag is one of two patterns, and ALE throws at any other.
  const auto isFlag = [](uint32_t word) {
    return word == Serializer::TruePattern || word == Serializer::FalsePattern;
  };
  for (uint32_t& word : words) {
    const bool wasFlag = isFlag(word);
    const uint32_t value = static_cast<uint32_t>(a.any("the game's fields", word));
    a.require(isFlag(value) == wasFlag, "the game's fields");
  }
  if (a.loading()) {
    std::memcpy(&text[0], words.data(), text.size());
    ale::stella::Deserializer from(text);
    game.loadState(from);
  }

  // The ones that ALE does not save, or saves as a flag.
  const char* const name = "the game's own fields";
  if (auto* atlantis2 = dynamic_cast<ale::Atlantis2Settings*>(&game)) a.any(name, atlantis2->m_lives);
  if (auto* chopper = dynamic_cast<ale::ChopperCommandSettings*>(&game)) a.flag(name, chopper->m_is_started);
  if (auto* demon = dynamic_cast<ale::DemonAttackSettings*>(&game)) a.flag(name, demon->m_level_change);
  if (auto* riverraid = dynamic_cast<ale::RiverRaidSettings*>(&game)) a.any(name, riverraid->m_lives);
  if (auto* checkers = dynamic_cast<ale::VideoCheckersSettings*>(&game)) a.flag(name, checkers->m_reverse_checkers);
  if (auto* hangman = dynamic_cast<ale::HangmanSettings*>(&game)) {
    for (int& timer : hangman->m_timerArray) a.any(name, timer);
  }
  if (auto* cube = dynamic_cast<ale::VideoCubeSettings*>(&game)) {
    for (int& timer : cube->m_timerArray) a.any(name, timer);
  }
  if (auto* golf = dynamic_cast<ale::MiniatureGolfSettings*>(&game)) {
    for (int* field : {&golf->m_levelNumber, &golf->m_levelPar, &golf->m_hits, &golf->m_leftStatus,
                       &golf->m_hitsAtStartOfLevel}) {
      a.any(name, *field);
    }
  }
}

void environment_fields(Archive& a) {
  ale::ALEInterface& ale = emulator();
  ale::StellaEnvironment& env = *ale.environment;
  ale::ALEState& state = env.m_state;
  constexpr int64_t farthestPaddle = 1 << 24;
  for (int* paddle : {&state.m_left_paddle, &state.m_right_paddle, &state.m_paddle_min, &state.m_paddle_max}) {
    a.number("a paddle", *paddle, 0, farthestPaddle);
  }
  a.number("the frame number", state.m_frame_number, 0, largestInt);
  a.number("the episode's frame number", state.m_episode_frame_number, 0, largestInt);
  // A reset throws at a mode that the game lacks. The difficulty is two switches, at first in a position that a game
  // need not list.
  const auto modes = ale.getAvailableModes();
  const auto mode = static_cast<uint32_t>(a.any("the mode", state.m_mode));
  a.require(std::find(modes.begin(), modes.end(), mode) != modes.end(), "the mode");
  a.number("the difficulty", state.m_difficulty, 0, 3);

  a.number("the pending action", env.m_player_a_action, 0, ale::PLAYER_A_DOWNLEFTFIRE);
  a.number("player B's pending action", env.m_player_b_action, ale::PLAYER_B_NOOP, ale::PLAYER_B_NOOP);
  a.real("the pending paddle strength", env.m_paddle_a_strength, 0.0f, 1.0f);
  a.real("player B's pending paddle strength", env.m_paddle_b_strength, 0.0f, 1.0f);
  a.real("the repeat action probability", env.m_repeat_action_probability, 0.0f, 1.0f);
  a.number("the maximal frames", env.m_max_num_frames_per_episode, 0, largestInt);
  a.any("the maximal lives", env.m_max_lives);
  a.flag("truncation at a lost life", env.m_truncate_on_loss_of_life);
  a.flag("colour averaging", env.m_colour_averaging);
  const int64_t rewardMin = a.any("the least reward", env.m_reward_min);
  a.require(a.any("the largest reward", env.m_reward_max) >= rewardMin, "the largest reward");
  a.number("the frame skip", env.m_frame_skip, 1, 1000);
  ale::stella::Random unused;
  random_fields(a, a.loading() && keepRandom ? unused : env.m_random);

  ale::stella::OSystem& os = *ale.theOSystem;
  for (int& value : os.event()->myValues) a.number("an input", value, 0, farthestPaddle);
  a.any("the switches", os.console().switches().mySwitches);
}

void sound_device(Archive& a) {
  ale::stella::OSystem& os = *emulator().theOSystem;
  bool audible = dynamic_cast<ale::SoundRaw*>(&os.sound()) != nullptr;
  const bool was = audible;
  const bool is = a.flag("the sound", audible) != 0;
  if (a.loading() && is != was) {
    delete os.mySound;
    if (is) os.mySound = new ale::SoundRaw(os.mySettings);
    else os.mySound = new ale::SoundNull(os.mySettings);
    os.console().system().tia().setSound(*os.mySound);
  }
  std::vector<uint8_t>& samples = emulator().environment->m_sound;
  if (a.loading()) std::fill(samples.begin(), samples.end(), 0);
  if (!is) return;
  // A check must not touch the device that plays, and there may be none.
  if (a.use() == Archive::Check) {
    ale::SoundRaw scratch(os.mySettings);
    sound_fields(a, scratch);
  } else {
    sound_fields(a, static_cast<ale::SoundRaw&>(os.sound()));
  }
  a.raw("the samples", samples.data(), samples.size());
}

void all_fields(Archive& a) {
  ale::ALEInterface& ale = emulator();
  ale::StellaEnvironment& env = *ale.environment;
  ale::stella::System& system = ale.theOSystem->console().system();
  settings_fields(a);
  environment_fields(a);
  game_fields(a, *ale.romSettings);
  machine_fields(a, system);
  ale::stella::TIA& tia = system.tia();
  const size_t pixels = env.m_screen.arraySize();
  a.picture("the screen", env.m_screen.getArray(), pixels, tia.myCurrentFrameBuffer);
  a.picture("the screen before", env.m_previous_screen.getArray(), pixels, tia.myPreviousFrameBuffer);
  a.raw("the RAM that is shown", env.m_ram.m_ram, sizeof env.m_ram.m_ram);
  sound_device(a);
}

const char* first_wrong(const std::vector<uint8_t>& bytes) {
  Archive check(Archive::Check, bytes.data(), bytes.size());
  all_fields(check);
  check.require(check.atEnd(), "the length");
  return check.wrong();
}

}  // namespace

/** Lays the state into the snapshot buffer. Returns null, or what of it no snapshot can hold. */
EXPORT(save_snapshot) const char* save_snapshot() {
  snapshotBytes.clear();
  Archive save(snapshotBytes);
  all_fields(save);
  return save.wrong();
}

/**
 * Takes the state from the snapshot buffer, if wished without the sticky actions' generator. Returns null, or what in
 * it is wrong; then nothing has changed.
 */
EXPORT(restore_snapshot) const char* restore_snapshot(int32_t keepsRandom) {
  keepRandom = keepsRandom != 0;
  if (const char* wrong = first_wrong(snapshotBytes)) return wrong;
  Archive load(Archive::Load, snapshotBytes.data(), snapshotBytes.size());
  all_fields(load);
  return nullptr;
}

/** The buffer, made `bytes` long if it is not; what it held is kept up to there. */
EXPORT(snapshot_buffer) uint8_t* snapshot_buffer(uint32_t bytes) {
  snapshotBytes.resize(bytes);
  return snapshotBytes.data();
}
EXPORT(snapshot_length) uint32_t snapshot_length() { return static_cast<uint32_t>(snapshotBytes.size()); }
