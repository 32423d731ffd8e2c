// SPDX-License-Identifier: GPL-2.0-only
// Loops of two instructions in which nothing happens but time: their rounds are done at once. Included by
// M6502Low.cxx, inside ale::stella.
#include "ale/emucore/M6532.hxx"
#include "ale/emucore/System.hxx"

namespace {

/** When a branch is taken. */
enum class Branch { notZero, plus, minus, carry };

/** What rounds that need not be executed amount to. */
struct Skipped {
  uint32_t instructions = 0, cycles = 0;
  uint8_t fromA = 0;
};

/** The byte at an address, -1 where reading it may do something. */
inline int quietPeek(uint16_t address) {
  const uint8_t* page = System::ourPeekBases[(address & 0x1fff) >> 6];
  return page ? page[address & 63] : -1;
}

/**
 * For how many cycles from `nextRead` on the timer reads as `lowest` or more; 0 if it was set so that it may read as
 * more than `highest`.
 */
inline uint32_t cyclesLeft(const M6532& timer, uint32_t nextRead, uint32_t lowest, uint32_t highest) {
  if (timer.myTimer <= lowest || timer.myTimer - 1 > highest) return 0;
  const uint32_t ticks = timer.myTimer - lowest;
  const int left = timer.myCyclesWhenTimerSet + (ticks << timer.myIntervalShift) - nextRead + 1;
  return left > 0 ? left : 0;
}

/** For how many cycles from `nextRead` on the timer reads as something with which the branch is taken. */
inline uint32_t timerCycles(System& system, uint32_t nextRead, Branch branch) {
  // No cartridge puts anything else into the timer's page.
  const auto& timer = static_cast<const M6532&>(*system.getPageAccess(0x0284 >> system.pageShift()).device);
  switch (branch) {
    case Branch::notZero:
      return cyclesLeft(timer, nextRead, 1, 255);
    case Branch::plus:
      return cyclesLeft(timer, nextRead, 0, 127);
    case Branch::minus:
      return cyclesLeft(timer, nextRead, 128, 255);
    default:
      return 0;
  }
}

/**
 * Called when a branch to 3, 4 or 5 bytes before its end is taken, before it is. At least one round remains, which
 * leaves the registers as they would be.
 * @param pc address behind the branch
 * @param operand of the branch: 0xfb, 0xfc or 0xfd
 * @param instructions how many may still be executed, this one included
 */
__attribute__((noinline)) Skipped skipWaiting(System& system, uint32_t cycles, uint16_t pc, uint8_t operand,
                                              Branch branch, uint32_t instructions, uint8_t A) {
  Skipped skipped;
  const uint16_t loop = pc + static_cast<int8_t>(operand);
  const int opcode = quietPeek(loop);
  const uint32_t branchCycles = 2 + (((loop ^ pc) & 0xff00) ? 2 : 1);
  if (instructions < 8 || quietPeek(pc - 1) < 0) return skipped;

  uint32_t rounds = 0, roundCycles = branchCycles + 2;
  if (operand == 0xfb) {  // LDA, LDX, LDY or BIT of INTIM
    const bool reads = opcode == 0xad || opcode == 0xae || opcode == 0xac ||
                       (opcode == 0x2c && branch != Branch::notZero);
    if (!reads || quietPeek(loop + 1) != 0x84 || quietPeek(loop + 2) != 0x02) return skipped;
    roundCycles = branchCycles + 4;
    const uint32_t left = timerCycles(system, cycles + roundCycles - 2, branch);
    if (left == 0) return skipped;
    rounds = (left - 1) / roundCycles + 1;
  } else if (operand == 0xfc) {  // SBC #n, BCS: division
    const int divisor = quietPeek(loop + 1);
    if (opcode != 0xe9 || branch != Branch::carry || registers.D || divisor <= 0 || A < 2 * divisor) return skipped;
    rounds = A / divisor - 1;
  } else if (opcode == 0xca || opcode == 0x88) {  // DEX or DEY: delay
    const uint8_t left = opcode == 0xca ? registers.X : registers.Y;
    if (branch == Branch::notZero) rounds = left - 1;
    else if (branch == Branch::plus) rounds = left;
  }
  rounds = std::min(rounds, instructions / 2 - 2);
  if (operand == 0xfc) skipped.fromA = rounds * quietPeek(loop + 1);
  if (operand == 0xfd) (opcode == 0xca ? registers.X : registers.Y) -= rounds;
  skipped.instructions = 2 * rounds;
  skipped.cycles = rounds * roundCycles;
  return skipped;
}

}  // namespace
