// SPDX-License-Identifier: GPL-2.0-only
// Included by M6502Low.cxx before its functions, inside ale::stella.
#include "ale/emucore/M6532.hxx"
#include "ale/emucore/System.hxx"

/**
 * Games spend a sixth of their instructions waiting for the timer: `LDA INTIM`, then a branch back to it. Nothing but
 * the clock changes from round to round until the timer has run down, so all rounds that would go on are skipped at
 * once. Called when such a branch, by five bytes, is taken, before it is.
 * @param pc address behind the branch
 * @param instructions how many may still be executed, this one included
 * @param most the largest timer value with which the branch is taken
 * @return how many instructions were skipped
 */
inline uint32_t skipTimerPolls(System& system, uint32_t& cycles, uint16_t pc, uint32_t instructions, uint32_t most) {
  const uint16_t loop = pc - 5;
  const auto byteAt = [&](uint16_t address) -> int {  // -1 where a read may do something
    const System::PageAccess& page = system.getPageAccess((address & 0x1fff) >> system.pageShift());
    return page.directPeekBase ? page.directPeekBase[address & system.pageMask()] : -1;
  };
  const int load = byteAt(loop);
  const bool isLoad = load == 0xad || load == 0xae || load == 0xac;  // LDA, LDX or LDY of an absolute address
  if (!isLoad || byteAt(loop + 1) != 0x84 || byteAt(loop + 2) != 0x02) return 0;

  constexpr uint32_t loadCycles = 4, branchCycles = 2;
  const uint32_t takenCycles = ((loop ^ pc) & 0xff00) ? 2 : 1;
  const uint32_t nextRead = cycles + takenCycles + loadCycles;
  // No cartridge puts anything else into the timer's page.
  const auto& timer = static_cast<const M6532&>(*system.getPageAccess(0x0284 >> system.pageShift()).device);
  const uint32_t left = timer.cyclesLeft(nextRead, most);
  if (left == 0 || instructions < 8) return 0;

  const uint32_t roundCycles = loadCycles + branchCycles + takenCycles;
  // A round must remain, whose load leaves the registers as they would be.
  const uint32_t rounds = std::min((left - 1) / roundCycles + 1, instructions / 2 - 2);
  cycles += rounds * roundCycles;
  return 2 * rounds;
}
