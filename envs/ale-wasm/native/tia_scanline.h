// SPDX-License-Identifier: GPL-2.0-only
// A stretch of one scanline, 16 pixels at a time, in place of TIA.cxx's pixel by pixel drawing; same pixels, same
// collisions. Included by TIA.cxx at the place of that function, inside ale::stella.
#include <wasm_simd128.h>

#include <algorithm>

namespace {

/** Which of the scanline's 160 pixels the playfield covers (0xff), for one value of its registers. */
class PlayfieldPixels {
 public:
  /** `playfield`: PF0 in bits 0-3, PF1 in 4-11, PF2 in 12-19. `reverse` mirrors the bits of a byte. */
  void set(uint32_t playfield, bool mirrored, const uint8_t* reverse) {
    const uint32_t key = playfield | (mirrored ? 1u << 31 : 0);
    if (key == key_) return;
    key_ = key;
    // Groups of four bits in the order of the screen, the leftmost in bit 0. PF1 is drawn from its high bit on.
    const uint8_t pf1 = reverse[playfield >> 4 & 0xff], pf2 = playfield >> 12 & 0xff;
    const uint8_t left[5] = {static_cast<uint8_t>(playfield & 15), static_cast<uint8_t>(pf1 & 15),
                             static_cast<uint8_t>(pf1 >> 4), static_cast<uint8_t>(pf2 & 15),
                             static_cast<uint8_t>(pf2 >> 4)};
    for (int group = 0; group < 5; ++group) {
      draw(group, left[group]);
      draw(5 + group, mirrored ? reverse[left[4 - group]] >> 4 : left[group]);
    }
  }

  /** 16 pixels from column x on. */
  v128_t at(uint32_t x) const { return wasm_v128_load(pixels_ + x); }

 private:
  /** Four bits become 16 pixels: pixel i is bit i / 4. */
  void draw(int group, uint8_t bits) {
    const v128_t bitOfPixel = wasm_u8x16_const(1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 8, 8, 8, 8);
    wasm_v128_store(pixels_ + 16 * group, wasm_i8x16_eq(wasm_v128_and(wasm_u8x16_splat(bits), bitOfPixel), bitOfPixel));
  }

  uint32_t key_ = ~0u;
  alignas(16) uint8_t pixels_[160] = {};
};

PlayfieldPixels playfieldPixels;

/** In which of the scanline's ten blocks of 16 pixels an object may be, for one of the masks that place it. */
class Coverage {
 public:
  /** Bit b for block b. */
  uint32_t blocks(const uint8_t* mask) {
    if (mask == mask_) return blocks_;
    mask_ = mask;
    blocks_ = 0;
    for (int b = 0; b < 10; ++b) blocks_ |= wasm_v128_any_true(wasm_v128_load(mask + 16 * b)) << b;
    return blocks_;
  }

 private:
  const uint8_t* mask_ = nullptr;
  uint32_t blocks_ = 0;
};

Coverage coverageP0, coverageP1, coverageM0, coverageM1, coverageBL;

inline v128_t nonzero(v128_t bytes) { return wasm_i8x16_ne(bytes, wasm_i8x16_const_splat(0)); }

}  // namespace

inline void TIA::updateFrameScanline(uint32_t clocksToUpdate, uint32_t hpos) {
  uint8_t* const row = myFramePointer - hpos;
  myFramePointer += clocksToUpdate;
  const uint32_t end = hpos + clocksToUpdate;

  /** Stores the block at column x, but leaves what lies outside of this stretch; returns the bits of its pixels. */
  const auto store = [&](uint32_t x, v128_t bytes) -> uint32_t {
    if (x >= hpos && x + 16 <= end) {
      wasm_v128_store(row + x, bytes);
      return 0xffff;
    }
    const v128_t columns = wasm_i8x16_add(
        wasm_u8x16_splat(x), wasm_u8x16_const(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
    const v128_t inside = wasm_v128_and(wasm_u8x16_ge(columns, wasm_u8x16_splat(hpos)),
                                        wasm_u8x16_lt(columns, wasm_u8x16_splat(end)));
    wasm_v128_store(row + x, wasm_v128_bitselect(bytes, wasm_v128_load(row + x), inside));
    return wasm_i8x16_bitmask(inside);
  };

  const bool blank = myVBLANK & 0x02;
  const uint8_t objects = myEnabledObjects;
  const v128_t background = wasm_u8x16_splat(static_cast<uint8_t>(myCOLUBK));
  if (blank || objects == 0) {
    const v128_t color = blank ? wasm_i8x16_const_splat(0) : background;
    for (uint32_t x = hpos & ~15u; x < end; x += 16) store(x, color);
    return;
  }

  if (objects & myPFBit) playfieldPixels.set(myPF, myCurrentPFMask == ourPlayfieldTable[1], ourPlayerReflectTable);
  uint32_t busy = 0;  // blocks in which there may be more than playfield
  if (objects & myP0Bit) busy |= coverageP0.blocks(myCurrentP0Mask);
  if (objects & myP1Bit) busy |= coverageP1.blocks(myCurrentP1Mask);
  if (objects & myM0Bit) busy |= coverageM0.blocks(myCurrentM0Mask);
  if (objects & myM1Bit) busy |= coverageM1.blocks(myCurrentM1Mask);
  if (objects & myBLBit) busy |= coverageBL.blocks(myCurrentBLMask);

  const v128_t playfieldColor = wasm_u8x16_splat(static_cast<uint8_t>(myCOLUPF));
  const v128_t color0 = wasm_u8x16_splat(static_cast<uint8_t>(myCOLUP0));
  const v128_t color1 = wasm_u8x16_splat(static_cast<uint8_t>(myCOLUP1));
  const v128_t graphics0 = wasm_u8x16_splat(myCurrentGRP0), graphics1 = wasm_u8x16_splat(myCurrentGRP1);
  // Playfield priority overrules the score's colours, but Stella forgets it where the playfield is alone.
  const bool priority = (myPlayfieldPriorityAndScore & PriorityBit) && objects != myPFBit;
  const bool score = (myPlayfieldPriorityAndScore & ScoreBit) && !priority;

  for (uint32_t x = hpos & ~15u; x < end; x += 16) {
    const v128_t none = wasm_i8x16_const_splat(0);
    const v128_t sideColor = !score ? playfieldColor : x < 80 ? color0 : color1;
    if (!(busy >> (x / 16) & 1)) {
      const v128_t pf = objects & myPFBit ? playfieldPixels.at(x) : none;
      store(x, wasm_v128_bitselect(sideColor, background, pf));
      continue;
    }

    v128_t p0 = none, m0 = none, p1 = none, m1 = none, bl = none, pf = none;
    v128_t any = none, twice = none;  // where something is, and where two things are
    const auto add = [&](v128_t object) {
      twice = wasm_v128_or(twice, wasm_v128_and(any, object));
      any = wasm_v128_or(any, object);
      return object;
    };
    if (objects & myP0Bit) p0 = add(nonzero(wasm_v128_and(graphics0, wasm_v128_load(myCurrentP0Mask + x))));
    if (objects & myP1Bit) p1 = add(nonzero(wasm_v128_and(graphics1, wasm_v128_load(myCurrentP1Mask + x))));
    if (objects & myM0Bit) m0 = add(nonzero(wasm_v128_load(myCurrentM0Mask + x)));
    if (objects & myM1Bit) m1 = add(nonzero(wasm_v128_load(myCurrentM1Mask + x)));
    if (objects & myBLBit) bl = add(nonzero(wasm_v128_load(myCurrentBLMask + x)));
    if (objects & myPFBit) pf = add(playfieldPixels.at(x));

    v128_t color = background;
    const auto paint = [&](v128_t where, v128_t with) { color = wasm_v128_bitselect(with, color, where); };
    if (score) {
      paint(bl, playfieldColor);
      paint(wasm_v128_or(p1, m1), color1);
      paint(pf, sideColor);
      paint(wasm_v128_or(p0, m0), color0);
    } else {
      if (!priority) paint(wasm_v128_or(pf, bl), playfieldColor);
      paint(wasm_v128_or(p1, m1), color1);
      paint(wasm_v128_or(p0, m0), color0);
      if (priority) paint(wasm_v128_or(pf, bl), playfieldColor);
    }
    const uint32_t drawn = store(x, color);

    if (!wasm_v128_any_true(twice)) continue;
    v128_t enabled = none;
    const auto mark = [&](v128_t where, int bit) {
      enabled = wasm_v128_or(enabled, wasm_v128_and(where, wasm_i8x16_splat(bit)));
    };
    mark(p0, myP0Bit), mark(m0, myM0Bit), mark(p1, myP1Bit), mark(m1, myM1Bit), mark(bl, myBLBit), mark(pf, myPFBit);
    alignas(16) uint8_t objectsAt[16];
    wasm_v128_store(objectsAt, enabled);
    uint32_t collided = wasm_i8x16_bitmask(twice) & drawn;
    for (; collided; collided &= collided - 1) myCollision |= ourCollisionTable[objectsAt[__builtin_ctz(collided)]];
  }
}
