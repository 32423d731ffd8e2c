// SPDX-License-Identifier: GPL-2.0-only
// What a learning agent does with ALE, in one call: the same action for several frames, then the
// observation. The recipe is that of ALE's own AtariVectorEnv: gray or RGB of the last two frames, their
// maximum, and the mean over areas down to the wanted size.
#include <algorithm>
#include <vector>

#include "ale/ale_interface.hpp"
#include "area_resize.h"
#include "emulator.h"
#include "picture_resize.h"

namespace {

AreaResize resize;  // to 84x84 gray, what nearly everyone wants
PictureResize resizeAny;
bool usual, pooled;  // whether it is that; whether the last two frames are seen, or the last alone
int channels;
std::vector<uint8_t> observation, picture;  // (height, width, channels), shrunk and not
uint8_t grayOf[256], rgbOf[256][3];         // by palette index
int frames;

/** Gray of 16 palette indices. Runs of one colour are the rule, so a vector of equal bytes is looked up once. */
inline v128_t gray16(v128_t indices) {
  const uint8_t first = wasm_u8x16_extract_lane(indices, 0);
  if (wasm_i8x16_all_true(wasm_i8x16_eq(indices, wasm_u8x16_splat(first)))) return wasm_u8x16_splat(grayOf[first]);
  alignas(16) uint8_t bytes[16];
  wasm_v128_store(bytes, indices);
  for (uint8_t& byte : bytes) byte = grayOf[byte];
  return wasm_v128_load(bytes);
}

/** Gray of one row; of two, the brighter pixel of each place. */
void gray_row(const uint8_t* newer, const uint8_t* older, uint8_t* gray) {
  for (int x = 0; x < sourceWidth; x += 16) {
    const v128_t a = wasm_v128_load(newer + x), b = wasm_v128_load(older + x);
    v128_t bright = gray16(a);
    if (wasm_v128_any_true(wasm_v128_xor(a, b))) bright = wasm_u8x16_max(bright, gray16(b));
    wasm_v128_store(gray + x, bright);
  }
}

void observe_usual(const ale::ALEScreen& newer, const ale::ALEScreen& older) {
  alignas(16) uint8_t gray[sourceWidth + 16] = {};
  resize.begin(observation.data());
  const int height = static_cast<int>(newer.height());
  for (int y = 0; y < height; ++y) {
    gray_row(newer.getRow(y), older.getRow(y), gray);
    resize.row(gray);
  }
}

void observe_any(const ale::ALEScreen& newer, const ale::ALEScreen& older) {
  const uint8_t *a = newer.getArray(), *b = older.getArray();
  const uint8_t* valueOf = channels == 1 ? grayOf : rgbOf[0];
  uint8_t* value = picture.data();
  for (size_t i = 0; i < newer.arraySize(); ++i) {
    for (int channel = 0; channel < channels; ++channel) {
      *value++ = std::max(valueOf[a[i] * channels + channel], valueOf[b[i] * channels + channel]);
    }
  }
  resizeAny.run(picture.data(), observation.data());
}

void observe(const ale::ALEScreen& newer, const ale::ALEScreen& older) {
  (usual ? observe_usual : observe_any)(newer, pooled ? older : newer);
}

}  // namespace

/**
 * How observations are made from now on. Called after each load of a ROM, for palette and screen size may have
 * changed. `width` and `height` are not larger than the screen's.
 */
EXPORT(set_observation) void set_observation(int32_t width, int32_t height, int32_t rgb, int32_t maxPool) {
  const ale::ColourPalette& palette = emulator().theOSystem->colourPalette();
  for (int i = 0; i < 256; ++i) {
    // As ALE's grayscale: the entry behind the colour's. The last index is no colour of any console.
    grayOf[i] = i < 255 ? static_cast<uint8_t>(palette.getRGB(i + 1)) : 0;
    for (int channel = 0; channel < 3; ++channel) rgbOf[i][channel] = palette.getRGB(i) >> (16 - 8 * channel) & 0xff;
  }
  const ale::ALEScreen& screen = emulator().getScreen();
  const int screenHeight = static_cast<int>(screen.height()), screenWidth = static_cast<int>(screen.width());
  channels = rgb ? 3 : 1;
  pooled = maxPool;
  usual = !rgb && width == targetSide && height == targetSide;
  if (usual) {
    resize.setHeight(screenHeight);
  } else {
    resizeAny.prepare(screenHeight, screenWidth, height, width, channels);
    picture.resize(screen.arraySize() * channels);
  }
  observation.assign(static_cast<size_t>(width) * height * channels, 0);
}

EXPORT(observation) const uint8_t* observation_pointer() { return observation.data(); }

/** The observation of the current screen alone: what follows a reset. */
EXPORT(observe_screen) void observe_screen() { observe(emulator().getScreen(), emulator().getScreen()); }

/**
 * Up to `frameSkip` frames of one action, fewer where the game ends; then the observation. Returns the reward's sum.
 */
EXPORT(agent_step) int32_t agent_step(int32_t action, int32_t frameSkip, float strength) {
  ale::ALEInterface& ale = emulator();
  int32_t reward = 0;
  for (frames = 0; frames < frameSkip && !ale.game_over(); ++frames) {
    reward += ale.act(static_cast<ale::Action>(action), strength);
  }
  const ale::ALEScreen& newest = ale.getScreen();
  observe(newest, frames > 1 ? ale.getPreviousScreen() : newest);
  return reward;
}

/** Frames that the last agent step emulated. */
EXPORT(agent_step_frames) int32_t agent_step_frames() { return frames; }
