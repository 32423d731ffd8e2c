// SPDX-License-Identifier: GPL-2.0-only
// M6502Low::execute for a machine with few registers: what most instructions touch is in local variables, the rest at
// constant addresses. The instructions are ALE's, as build/instructions.mjs rewrites them. Included by M6502Low.cxx at
// the place of that function, inside ale::stella.
#include <cstring>

#include "ale/emucore/TIA.hxx"

namespace {

/** Registers that are not worth a local variable while instructions are executed. */
struct {
  uint8_t X, Y, SP, lastBus;
  bool V, B, D, I;
} registers;

}  // namespace

#include "wait_loops.h"

namespace {

__attribute__((noinline)) uint8_t peekDevice(System& system, uint16_t address) {
  Device& device = *system.getPageAccess((address & 0x1fff) >> 6).device;
  if (&device == &system.tia()) return system.tia().TIA::peek(address);  // TIA is the rule: spare the virtual call
  return device.peek(address);
}

__attribute__((noinline)) void pokeDevice(System& system, uint16_t address, uint8_t value) {
  Device& device = *system.getPageAccess((address & 0x1fff) >> 6).device;
  if (&device == &system.tia()) return system.tia().TIA::poke(address, value);
  device.poke(address, value);
}

/** Bytes behind an opcode that are fetched with it. BRK, RTS and the second of JSR are read where ALE reads them. */
inline int operandBytes(uint8_t opcode) {
  switch (M6502::ourAddressingModeTable[opcode]) {
    case M6502::Implied:
    case M6502::Invalid:
      return 0;
    case M6502::Absolute:
    case M6502::AbsoluteX:
    case M6502::AbsoluteY:
    case M6502::Indirect:
      return opcode == 0x20 ? 1 : 2;
    default:
      return 1;
  }
}

/** Opcode and operand, byte by byte, where they do not lie in one piece of memory. */
__attribute__((noinline)) uint32_t fetchInstruction(System& system, uint16_t pc, uint32_t cycles) {
  system.myCycles = cycles;
  const uint8_t opcode = system.peek(pc);
  system.myCycles = cycles + M6502::ourInstructionProcessorCycleTable[opcode];
  uint32_t instruction = opcode;
  const int bytes = operandBytes(opcode);
  for (int i = 1; i <= bytes; ++i) instruction |= system.peek(pc + i) << 8 * i;
  return instruction;
}

}  // namespace

#define INLINE __attribute__((always_inline))

bool M6502Low::execute(uint32_t number) {
  myExecutionStatus &= FatalErrorBit;
  if (myExecutionStatus) return false;

  System& system = *mySystem;
  uint8_t *const *const peekBases = System::ourPeekBases, *const *const pokeBases = System::ourPokeBases;
  uint8_t &X = registers.X, &Y = registers.Y, &SP = registers.SP, &lastBus = registers.lastBus;
  bool &V = registers.V, &B = registers.B, &D = registers.D, &I = registers.I;
  X = this->X, Y = this->Y, SP = this->SP, V = this->V, B = this->B, D = this->D, I = this->I;
  lastBus = system.myDataBusState;

  uint32_t cycles = system.myCycles;
  uint16_t PC = this->PC;
  uint8_t A = this->A;
  bool C = this->C;
  // Z if the low byte is zero; N if bit 7 of either byte is set.
  uint16_t NZ = (this->notZ ? 1 : 0) | (this->N ? 0x8000 : 0);
  uint8_t opcode = IR;

  for (; number != 0; --number) {
    bool lastAccessWasRead = true;
    uint8_t bus;

    const auto peek = [&](uint16_t address) INLINE -> uint8_t {
      const uint8_t* page = peekBases[(address & 0x1fff) >> 6];
      if (page) {
        bus = page[address & 63];
      } else {
        system.myCycles = cycles;
        system.myDataBusState = bus;
        bus = peekDevice(system, address);
      }
      lastAccessWasRead = true;
      return bus;
    };
    const auto poke = [&](uint16_t address, uint8_t value) INLINE {
      uint8_t* page = pokeBases[(address & 0x1fff) >> 6];
      if (page) {
        page[address & 63] = value;
      } else {
        system.myCycles = cycles;
        system.myDataBusState = bus;
        myLastAccessWasRead = lastAccessWasRead;
        pokeDevice(system, address, value);
        cycles = system.myCycles;
        if (myExecutionStatus) number = 1;
      }
      bus = value;
      lastAccessWasRead = false;
    };
    const auto negative = [&]() INLINE -> bool { return NZ & 0x8080; };
    const auto zero = [&]() INLINE -> bool { return (NZ & 0xff) == 0; };
    const auto packStatus = [&]() INLINE -> uint8_t {
      return 0x20 | (negative() ? 0x80 : 0) | (V ? 0x40 : 0) | (B ? 0x10 : 0) | (D ? 0x08 : 0) | (I ? 0x04 : 0) |
             (zero() ? 0x02 : 0) | (C ? 0x01 : 0);
    };
    const auto unpackStatus = [&](uint8_t ps) INLINE {
      NZ = (ps & 0x80) << 8 | (~ps & 0x02);
      V = ps & 0x40;
      B = true;
      D = ps & 0x08;
      I = ps & 0x04;
      C = ps & 0x01;
    };

    uint32_t instruction;
    const uint32_t page = (PC & 0x1fff) >> 6;
    const uint8_t* base = peekBases[page];
    if (base && ((PC & 63) <= 60 || peekBases[(page + 1) & 127] == base + 64)) {
      std::memcpy(&instruction, base + (PC & 63), 4);
    } else {
      system.myDataBusState = lastBus;
      instruction = fetchInstruction(system, PC, cycles);
    }
    const auto fetch = [&]() INLINE -> uint8_t {
      ++PC;
      return bus = instruction >> 8;
    };
    const auto fetchWord = [&]() INLINE -> uint16_t {
      PC += 2;
      bus = instruction >> 16;
      return instruction >> 8;
    };

    uint16_t operandAddress;
    uint8_t operand;
    const auto skipLoop = [&](Branch branch) INLINE {
      if (operand < 0xfb || operand > 0xfd) return;
      const Skipped skipped = skipWaiting(system, cycles, PC, operand, branch, number, A);
      number -= skipped.instructions;
      cycles += skipped.cycles;
      A -= skipped.fromA;
    };
    bus = opcode = instruction;
    ++PC;
    switch (opcode) {
#include "ale/emucore/M6502Low.ins"
      default:
        cycles += ourInstructionProcessorCycleTable[opcode];
        myExecutionStatus |= FatalErrorBit;
        std::cerr << "Illegal Instruction! " << std::hex << (int)opcode << std::endl;
        number = 1;
    }
    lastBus = bus;
  }

  system.myCycles = cycles;
  system.myDataBusState = lastBus;
  IR = opcode;
  this->PC = PC, this->A = A, this->C = C, this->N = NZ & 0x8080, this->notZ = NZ & 0xff;
  this->X = X, this->Y = Y, this->SP = SP, this->V = V, this->B = B, this->D = D, this->I = I;
  return !(myExecutionStatus & FatalErrorBit);
}

#undef INLINE
