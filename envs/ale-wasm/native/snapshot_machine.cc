// SPDX-License-Identifier: GPL-2.0-only
// The console's chips and its cartridge, field by field. Stella's own saving leaves out what a frame that the game did
// not finish, the next picture, or a read of an undriven bus may depend on.
#include <algorithm>
#include <random>
#include <string>

#include "ale/common/SoundRaw.hxx"
#include "ale/emucore/Cart.hxx"
#include "ale/emucore/CartDPC.hxx"
#include "ale/emucore/CartE0.hxx"
#include "ale/emucore/CartF6SC.hxx"
#include "ale/emucore/CartF8SC.hxx"
#include "ale/emucore/M6502Low.hxx"
#include "ale/emucore/M6532.hxx"
#include "ale/emucore/Random.cxx"  // which declares its generator there; no unit but this one includes it
#include "ale/emucore/System.hxx"
#include "snapshot.h"

using namespace ale::stella;

namespace {

constexpr int64_t frameBufferBytes = 160 * 300;
constexpr int64_t lineClocks = 228;

void cpu_fields(Archive& a, M6502& cpu) {
  a.any("A", cpu.A);
  a.any("X", cpu.X);
  a.any("Y", cpu.Y);
  a.any("SP", cpu.SP);
  a.any("IR", cpu.IR);
  a.any("PC", cpu.PC);
  for (bool* flag : {&cpu.N, &cpu.V, &cpu.B, &cpu.D, &cpu.I, &cpu.notZ, &cpu.C}) a.flag("a processor flag", *flag);
  a.number("the processor's status", cpu.myExecutionStatus, 0, M6502::StopExecutionBit | M6502::FatalErrorBit);
  a.flag("the processor's last access", cpu.myLastAccessWasRead);
}

void riot_fields(Archive& a, M6532& riot) {
  a.raw("RAM", riot.myRAM, sizeof riot.myRAM);
  a.number("the timer", riot.myTimer, 0, 255);
  const int64_t shift = a.number("the timer's interval", riot.myIntervalShift, 0, 10);
  a.require(shift == 0 || shift == 3 || shift == 6 || shift == 10, "the timer's interval");
  a.any("the timer's start", riot.myCyclesWhenTimerSet);
  a.any("the timer's interrupt", riot.myCyclesWhenInterruptReset);
  a.flag("the timer's read mark", riot.myTimerReadAfterInterrupt);
  a.any("DDRA", riot.myDDRA);
  a.any("DDRB", riot.myDDRB);
}

/** One of TIA's masks: a row of 320 pixels, shown from one of its first 161 on. */
void mask_field(Archive& a, const char* name, const uint8_t*& mask, const uint8_t* table, size_t tableBytes) {
  const int64_t offset = a.offset(name, mask, table, static_cast<int64_t>(tableBytes) - 160);
  a.require(offset % 320 <= 160, name);
}

/** The same, where the mask may also be the empty one. */
void missile_mask_field(Archive& a, const char* name, const uint8_t*& mask) {
  bool disabled = mask == TIA::ourDisabledMaskTable;
  const uint8_t* const table = &TIA::ourMissleMaskTable[0][0][0][0];
  if (a.flag(name, disabled)) {
    if (a.loading()) mask = TIA::ourDisabledMaskTable;
  } else {
    mask_field(a, name, mask, table, sizeof TIA::ourMissleMaskTable);
  }
}

void tia_registers(Archive& a, TIA& tia) {
  a.number("TIA's objects", tia.myEnabledObjects, 0, 0x3f);
  for (uint8_t* byte : {&tia.myVSYNC, &tia.myVBLANK, &tia.myNUSIZ0, &tia.myNUSIZ1, &tia.myPlayfieldPriorityAndScore,
                        &tia.myCTRLPF, &tia.myGRP0, &tia.myGRP1, &tia.myDGRP0, &tia.myDGRP1, &tia.myCurrentGRP0,
                        &tia.myCurrentGRP1}) {
    a.any("a register of TIA", *byte);
  }
  for (uint32_t& color : tia.myColor) a.any("a colour", color);
  for (bool* flag : {&tia.myREFP0, &tia.myREFP1, &tia.myENAM0, &tia.myENAM1, &tia.myENABL, &tia.myDENABL, &tia.myVDELP0,
                     &tia.myVDELP1, &tia.myVDELBL, &tia.myRESMP0, &tia.myRESMP1, &tia.myHMOVEBlankEnabled,
                     &tia.myM0CosmicArkMotionEnabled, &tia.myDumpEnabled}) {
    a.flag("a flag of TIA", *flag);
  }
  a.number("the playfield", tia.myPF, 0, 0xfffff);
  for (int8_t* motion : {&tia.myHMP0, &tia.myHMP1, &tia.myHMM0, &tia.myHMM1, &tia.myHMBL}) {
    a.number("a motion of TIA", *motion, 0, 15);
  }
  a.any("the collisions", tia.myCollision);
  for (int16_t* position : {&tia.myPOSP0, &tia.myPOSP1, &tia.myPOSM0, &tia.myPOSM1, &tia.myPOSBL}) {
    a.number("a position of TIA", *position, 0, 159);
  }
  a.any("TIA's last HMOVE", tia.myLastHMOVEClock);
  a.number("TIA's star counter", tia.myM0CosmicArkCounter, 0, 3);
  a.any("the paddles' start", tia.myDumpDisabledCycle);

  mask_field(a, "the ball's mask", tia.myCurrentBLMask, &TIA::ourBallMaskTable[0][0][0], sizeof TIA::ourBallMaskTable);
  const uint8_t* const players = &TIA::ourPlayerMaskTable[0][0][0][0];
  mask_field(a, "a player's mask", tia.myCurrentP0Mask, players, sizeof TIA::ourPlayerMaskTable);
  mask_field(a, "a player's mask", tia.myCurrentP1Mask, players, sizeof TIA::ourPlayerMaskTable);
  missile_mask_field(a, "a missile's mask", tia.myCurrentM0Mask);
  missile_mask_field(a, "a missile's mask", tia.myCurrentM1Mask);
  bool mirrored = tia.myCurrentPFMask == TIA::ourPlayfieldTable[1];
  a.flag("the playfield's mask", mirrored);
  if (a.loading()) tia.myCurrentPFMask = TIA::ourPlayfieldTable[mirrored];
}

/** Where in the picture TIA is. A frame that the game did not finish in time goes on from there. */
void tia_beam(Archive& a, TIA& tia, int64_t cycles) {
  const bool partial = a.flag("TIA's frame", tia.myPartialFrameFlag) != 0;
  a.flag("TIA's gray mark", tia.myFrameGreyed);
  const int64_t started = a.any("TIA's frame start", tia.myClockWhenFrameStarted);
  const int64_t last = a.any("TIA's clock", tia.myClockAtLastUpdate);
  a.any("TIA's end of VSYNC", tia.myVSYNCFinishClock);
  a.number("TIA's clocks to the line's end", tia.myClocksToEndOfScanLine, 0, lineClocks);
  a.number("TIA's lines of the last frame", tia.myScanlineCountForLastFrame, 0, 1 << 24);
  a.number("TIA's line", tia.myCurrentScanline, 0, 1 << 24);
  const uint8_t* pointer = tia.myFramePointer;
  const int64_t drawn = a.offset("TIA's pixel", pointer, tia.myCurrentFrameBuffer, frameBufferBytes);
  if (a.loading()) {
    tia.myFramePointer = tia.myCurrentFrameBuffer + drawn;
    tia.myClockStartDisplay = tia.myClockWhenFrameStarted + static_cast<int>(tia.myStartDisplayOffset);
    tia.myClockStopDisplay = tia.myClockWhenFrameStarted + static_cast<int>(tia.myStopDisplayOffset);
  }
  if (!partial) return;  // the next frame starts afresh
  const int64_t stop = started + tia.myStopDisplayOffset;
  a.require(last >= started && last <= stop, "TIA's clock");
  a.require(drawn + 160 * ((stop - last) / lineClocks + 2) <= frameBufferBytes, "TIA's pixel");
  const int64_t elapsed = 3 * cycles - started;
  a.require(elapsed >= 0 && elapsed <= 1 << 30, "TIA's frame start");
}

void cartridge_fields(Archive& a, Cartridge& cartridge) {
  const std::string name = cartridge.name();
  uint16_t bank = static_cast<uint16_t>(cartridge.bank());
  const auto banks = [&] {
    a.number("the cartridge's bank", bank, 0, cartridge.bankCount() - 1);
    if (a.loading()) cartridge.bank(bank);
  };
  const auto ram = [&](uint8_t* bytes, size_t length) { a.raw("the cartridge's RAM", bytes, length); };
  if (name == "CartridgeF8" || name == "CartridgeF6") {
    banks();
  } else if (name == "CartridgeF6SC") {
    banks();
    auto& cart = static_cast<CartridgeF6SC&>(cartridge);
    ram(cart.myRAM, sizeof cart.myRAM);
  } else if (name == "CartridgeF8SC") {
    banks();
    auto& cart = static_cast<CartridgeF8SC&>(cartridge);
    ram(cart.myRAM, sizeof cart.myRAM);
  } else if (name == "CartridgeE0") {
    auto& cart = static_cast<CartridgeE0&>(cartridge);
    uint16_t slices[3] = {cart.myCurrentSlice[0], cart.myCurrentSlice[1], cart.myCurrentSlice[2]};
    for (uint16_t& slice : slices) a.number("the cartridge's bank", slice, 0, 7);
    if (!a.loading()) return;
    cart.segmentZero(slices[0]);
    cart.segmentOne(slices[1]);
    cart.segmentTwo(slices[2]);
  } else if (name == "CartridgeDPC") {
    banks();
    auto& cart = static_cast<CartridgeDPC&>(cartridge);
    ram(cart.myTops, sizeof cart.myTops);
    ram(cart.myBottoms, sizeof cart.myBottoms);
    ram(cart.myFlags, sizeof cart.myFlags);
    for (uint16_t& counter : cart.myCounters) a.number("the cartridge's counters", counter, 0, 0x7ff);
    for (bool& music : cart.myMusicMode) a.flag("the cartridge's music", music);
    a.any("the cartridge's random number", cart.myRandomNumber);
    a.any("the cartridge's clock", cart.mySystemCycles);
    a.real("the cartridge's clock", cart.myFractionalClocks, -1.0, 1.0);
  } else {
    a.require(name == "Cartridge2K" || name == "Cartridge4K" || name == "CartridgeFE", "the cartridge's type");
  }
}

}  // namespace

void random_fields(Archive& a, Random& random) {
  std::mt19937& generator = random.m_pimpl->m_randgen;
  constexpr size_t words = std::mt19937::state_size;
  uint32_t state[words];  // the next to be used first
  for (size_t i = 0; i < words; ++i) state[i] = generator.__x_[(generator.__i_ + i) % words];
  a.raw("a random generator", reinterpret_cast<uint8_t*>(state), sizeof state);
  if (!a.loading()) return;
  std::copy_n(state, words, generator.__x_);
  generator.__i_ = 0;
}

void sound_fields(Archive& a, ale::SoundRaw& sound) {
  TIASound& tone = sound.myTIASound;
  for (int channel = 0; channel < 2; ++channel) {
    a.number("AUDC", tone.myAUDC[channel], 0, 15);
    a.number("AUDF", tone.myAUDF[channel], 0, 31);
    a.number("AUDV", tone.myAUDV[channel], 0, 15);
    a.number("a sound divider", tone.myFreqDiv[channel].myDivideByValue, 0, 31);
    a.number("a sound divider", tone.myFreqDiv[channel].myCounter, 0, 32);
    a.any("a sound register", tone.myP4[channel]);
    a.any("a sound register", tone.myP5[channel]);
  }
  a.number("the sound's counter", tone.myOutputCounter, 0, tone.myTIAFrequency - 1);
  a.any("the sound's clock", sound.myLastRegisterSetCycle);
  uint32_t queued = static_cast<uint32_t>(sound.myRegWriteQueue.size());
  const int64_t count = a.number("the sound queue", queued, 0, 1 << 17);
  std::vector<uint8_t> writes(a.wrong() ? 0 : 2 * static_cast<size_t>(count));
  if (a.use() == Archive::Save) {
    for (size_t i = 0; i < writes.size(); i += 2) {
      writes[i] = static_cast<uint8_t>(sound.myRegWriteQueue[i / 2].addr - 0x15);
      writes[i + 1] = sound.myRegWriteQueue[i / 2].value;
    }
  }
  a.raw("the sound queue", writes.data(), writes.size());
  if (!a.loading()) return;
  sound.myRegWriteQueue.clear();
  for (size_t i = 0; i < writes.size(); i += 2) {
    // TIASound passes over a register that there is not.
    sound.myRegWriteQueue.push_back({static_cast<uint16_t>(0x15 + writes[i]), writes[i + 1]});
  }
}

void machine_fields(Archive& a, System& system) {
  const int64_t cycles = a.any("the cycles", system.myCycles);
  a.any("the data bus", system.myDataBusState);
  random_fields(a, system.myRandom);
  cpu_fields(a, system.m6502());
  riot_fields(a, static_cast<M6532&>(*system.myDevices[0]));
  TIA& tia = system.tia();
  tia_registers(a, tia);
  tia_beam(a, tia, cycles);
  a.picture("the picture", tia.myCurrentFrameBuffer, frameBufferBytes, nullptr);
  a.picture("the picture before", tia.myPreviousFrameBuffer, frameBufferBytes, tia.myCurrentFrameBuffer);
  cartridge_fields(a, static_cast<Cartridge&>(*system.myDevices[2]));
}
