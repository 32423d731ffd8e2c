// SPDX-License-Identifier: GPL-2.0-only
#include "area_resize.h"

#include <algorithm>

#include "area_parts.h"

AreaResize::AreaResize() {
  alignas(16) uint8_t pick[groups][most][16];
  alignas(16) float weight[groups][most][4] = {};
  int firsts[groups], counts[targetSide] = {};
  std::fill_n(&pick[0][0][0], sizeof pick, 0xff);  // swizzle makes a zero of an index beyond its 16 bytes
  for (const AreaPart& part : area_parts(sourceWidth, targetSide)) {
    const int group = part.target / 4, lane = part.target % 4, i = counts[part.target]++;
    if (lane == 0 && i == 0) firsts[group] = part.source;
    pick[group][i][4 * lane] = static_cast<uint8_t>(part.source - firsts[group]);
    weight[group][i][lane] = part.weight;
  }
  for (int group = 0; group < groups; ++group) {
    columns_[group].first = firsts[group];
    for (int i = 0; i < most; ++i) {
      columns_[group].pick[i] = wasm_v128_load(pick[group][i]);
      columns_[group].weight[i] = wasm_v128_load(weight[group][i]);
    }
  }
}

void AreaResize::setHeight(int height) {
  std::fill_n(shares_, tallest, Share{});
  int target = 0;
  for (const AreaPart& part : area_parts(height, targetSide)) {
    Share& share = shares_[part.source];
    if (part.target == target) {
      share.first = part.weight;
      continue;
    }
    // The first part of a new target row: the old one ended in this source row, or in the one before.
    target = part.target;
    if (share.first != 0) {
      share.last = true;
      share.next = part.weight;
    } else {
      shares_[part.source - 1].last = true;
      share.first = part.weight;
    }
  }
  shares_[height - 1].last = true;
}

void AreaResize::begin(uint8_t* target) {
  target_ = target;
  row_ = 0;
  std::fill_n(sums_, groups, wasm_f32x4_const_splat(0));
}

void AreaResize::row(const uint8_t* source) {
  const Share share = shares_[row_++];
  const v128_t first = wasm_f32x4_splat(share.first);
  v128_t means[groups];
  for (int group = 0; group < groups; ++group) {
    const Column& column = columns_[group];
    const v128_t bytes = wasm_v128_load(source + column.first);
    v128_t mean = wasm_f32x4_const_splat(0);
    for (int i = 0; i < most; ++i) {
      const v128_t pixels = wasm_f32x4_convert_i32x4(wasm_i8x16_swizzle(bytes, column.pick[i]));
      mean = wasm_f32x4_add(mean, wasm_f32x4_mul(pixels, column.weight[i]));
    }
    means[group] = mean;
    sums_[group] = wasm_f32x4_add(sums_[group], wasm_f32x4_mul(mean, first));
  }
  if (!share.last) return;
  finishRow();
  const v128_t next = wasm_f32x4_splat(share.next);
  for (int group = 0; group < groups; ++group) sums_[group] = wasm_f32x4_mul(means[group], next);
}

void AreaResize::finishRow() {
  for (int group = 0; group < groups; ++group) {
    // A mean of bytes is a byte after rounding (nearest is half to even), so narrowing cannot saturate.
    const v128_t rounded = wasm_i32x4_trunc_sat_f32x4(wasm_f32x4_nearest(sums_[group]));
    const v128_t shorts = wasm_u16x8_narrow_i32x4(rounded, rounded);
    wasm_v128_store32_lane(target_ + 4 * group, wasm_u8x16_narrow_i16x8(shorts, shorts), 0);
  }
  target_ += targetSide;
}
