// SPDX-License-Identifier: GPL-2.0-only
// ALE's 6502 instructions (emucore/M6502Low.ins, written by a macro processor and very regular), rewritten for
// native/m6502_execute.h: same effects in the same order, with less to remember from one instruction to the next.

/** How often each rule must apply: another number means another source. */
const rules = [
  // The instruction's bytes are fetched at once.
  { find: /operandAddress = PC\+\+;\n {2}operand = peek\(operandAddress\);/g, by: 'operand = fetch();', times: 26 },
  { find: /(operandAddress|pointer|low) = peek\(PC\+\+\)/g, by: '$1 = fetch()', times: 63 },
  { find: /\(uint8_t\)\(peek\(PC\+\+\)/g, by: '(uint8_t)(fetch()', times: 27 },
  {
    find: /(\(uint16_t\))?peek\(PC\) \| \(\(uint16_t\)peek\(PC \+ 1\) << 8\);\n {2}PC \+= 2;/g,
    by: 'fetchWord();',
    times: 75,
  },
  // Cycles are a variable.
  { find: /mySystem->incrementCycles\(([^;]*)\);/g, by: 'cycles += $1;', times: 35 },
  { find: /mySystemCyclesPerProcessorCycle/g, by: '1', times: 43 },
  // N and Z, which nearly always follow from one value, are one variable.
  { find: /notZ = (\w+);\n *N = \1 & 0x(00)?80;/g, by: 'NZ = (uint8_t)$1;', times: 195 },
  {
    find: /notZ = \(A & operand\);\n *N = operand & 0x80;/g,
    by: 'NZ = (A & operand) | (operand & 0x80) << 8;',
    times: 2,
  },
  { find: /N = C;\n *notZ = A;/g, by: 'NZ = A;', times: 1 },
  { find: /C = N;/g, by: 'C = negative();', times: 1 },
  { find: /if\((!?)N\)/g, by: 'if($1negative())', times: 2 },
  { find: /if\(!notZ\)/g, by: 'if(zero())', times: 1 },
  { find: /if\(notZ\)/g, by: 'if(!zero())', times: 1 },
  { find: /PS\(\)/g, by: 'packStatus()', times: 2 },
  { find: /PS\(peek/g, by: 'unpackStatus(peek', times: 2 },
];

/**
 * @param {string} instructions text of M6502Low.ins
 * @param {string} processor text of M6502.cxx, with the table of cycles
 */
export function rewriteInstructions(instructions, processor) {
  let text = instructions;
  for (const { find, by, times } of rules) {
    const found = text.match(find)?.length ?? 0;
    if (found !== times) throw new Error(`patching ALE: M6502Low.ins has ${find} ${found} times, not ${times}`);
    text = text.replace(find, by);
  }
  const table = /ourInstructionProcessorCycleTable\[256\] = \{\n([^}]*)\}/.exec(processor)[1];
  const cycles = table
    .replace(/\/\/.*/g, '')
    .match(/\d+/g)
    .map(Number);
  if (cycles.length !== 256) throw new Error('patching ALE: M6502.cxx has no table of 256 cycles');
  // An instruction's cycles are a number in its code, not looked up on the way to it.
  return text.replace(/(?:case 0x..:\n)+\{/g, (head) => {
    const codes = head.match(/0x../g).map(Number);
    const same = codes.every((code) => cycles[code] === cycles[codes[0]]);
    return `${head}\n  cycles += ${same ? cycles[codes[0]] : 'ourInstructionProcessorCycleTable[opcode]'};`;
  });
}
