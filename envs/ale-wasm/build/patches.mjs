// SPDX-License-Identifier: GPL-2.0-only
// What we change in ALE's source, and why. A patch replaces the text `find`, or all from there up to the text `upTo`.
// Each must stand in the file exactly once; if not, the source is not the one these patches are for, and the build
// stops.

import { rewriteInstructions } from './instructions.mjs';

const patches = [
  {
    why: 'Drawing pixel by pixel takes half of the time in many games; native/tia_scanline.h does 16 at once',
    file: 'emucore/TIA.cxx',
    find: 'inline void TIA::updateFrameScanline(uint32_t clocksToUpdate, uint32_t hpos)\n',
    upTo: 'inline void TIA::updateFrame(int clock)\n',
    replace: '#include "tia_scanline.h"\n\n',
  },
  {
    why: 'Most writes to TIA change nothing that is drawn; native/tia_postpone.h draws when something does',
    file: 'emucore/TIA.cxx',
    find: 'inline void TIA::waitHorizontalSync()\n',
    replace: '#include "tia_postpone.h"\n\ninline void TIA::waitHorizontalSync()\n',
  },
  {
    why: '(its names)',
    file: 'emucore/TIA.hxx',
    find: '    // Update the current frame buffer to the specified color clock\n',
    replace: `    int myPostponedClock = -0x7FFFFFFF;
    void drawLater(int clock);
    void drawNow(int clock);
    bool changesPicture(uint16_t address, uint8_t value) const;

    // Update the current frame buffer to the specified color clock
`,
  },
  {
    why: '(at a write)',
    file: 'emucore/TIA.cxx',
    find: '  updateFrame(clock + delay);\n',
    replace: '  changesPicture(addr, value) ? drawNow(clock + delay) : drawLater(clock + delay);\n',
  },
  {
    why: 'A few bytes are cleared faster without a call',
    file: 'emucore/TIA.cxx',
    find: '      std::memset(oldFramePointer, 0, blanks);\n',
    replace: '      for(int i = 0; i < blanks; ++i) oldFramePointer[i] = 0;\n',
  },
  {
    why: '(at a read: the first eight registers tell of collisions)',
    file: 'emucore/TIA.cxx',
    find: '  updateFrame(mySystem->cycles() * 3);\n',
    replace: `  const int now = mySystem->cycles() * 3;
  (addr & 0x0f) < 8 ? drawNow(now) : drawLater(now);
`,
  },
  {
    why: '(at the end of a frame)',
    file: 'emucore/TIA.cxx',
    find: '  mySystem->m6502().execute(25000);\n',
    replace: `  mySystem->m6502().execute(25000);
  updateFrame(myPostponedClock);
  myPostponedClock = -0x7FFFFFFF;
`,
  },
  {
    why: 'Registers in memory are slow; native/m6502_execute.h keeps them in variables',
    file: 'emucore/M6502Low.cxx',
    find: 'bool M6502Low::execute(uint32_t number)\n',
    upTo: 'void M6502Low::interruptHandler()\n',
    replace: '#include "m6502_execute.h"\n\n',
  },
  {
    why: '(what it asks of the system)',
    file: 'emucore/System.hxx',
    find: '    void incrementCycles(uint32_t amount)\n',
    replace: `    void setCycles(uint32_t cycles) { myCycles = cycles; }
    uint8_t& dataBus() { return myDataBusState; }

    // The direct accesses of the system's pages; one system at a time.
    static uint8_t* ourPeekBases[128];
    static uint8_t* ourPokeBases[128];

    void incrementCycles(uint32_t amount)
`,
  },
  {
    why: '(what it asks of the system)',
    file: 'emucore/System.cxx',
    find: '  myPageAccessTable[page] = access;\n}\n',
    replace: `  myPageAccessTable[page] = access;
  ourPeekBases[page] = access.directPeekBase;
  ourPokeBases[page] = access.directPokeBase;
}

uint8_t* System::ourPeekBases[128];
uint8_t* System::ourPokeBases[128];
`,
  },
  {
    why: '(what it asks of the system)',
    file: 'emucore/M6502Low.hxx',
    find: '      Called after an interrupt has be requested using irq() or nmi()\n    */\n',
    replace: `      Called after an interrupt has be requested using irq() or nmi()
    */
    uint32_t fetchInstruction(uint32_t cycles);
`,
  },
  {
    why: 'Games wait in loops of two instructions; native/wait_loops.h does the waiting at once (BNE)',
    file: 'emucore/M6502Low.ins',
    find: '  if(notZ)\n  {\n',
    replace: '  if(notZ)\n  {\n    skipLoop(Branch::notZero);\n',
  },
  {
    why: '(BPL)',
    file: 'emucore/M6502Low.ins',
    find: '  if(!N)\n  {\n',
    replace: '  if(!N)\n  {\n    skipLoop(Branch::plus);\n',
  },
  {
    why: '(BMI)',
    file: 'emucore/M6502Low.ins',
    find: '  if(N)\n  {\n',
    replace: '  if(N)\n  {\n    skipLoop(Branch::minus);\n',
  },
  {
    why: '(BCS)',
    file: 'emucore/M6502Low.ins',
    find: '  if(C)\n  {\n',
    replace: '  if(C)\n  {\n    skipLoop(Branch::carry);\n',
  },
  {
    why: '(what it asks the timer)',
    file: 'emucore/M6532.hxx',
    find: '    virtual void poke(uint16_t address, uint8_t value);\n',
    replace: `    virtual void poke(uint16_t address, uint8_t value);

    /**
      For how many system cycles, from the given one on, reading the timer gives the lowest
      value or more; 0 if it was set so that it may give more than the highest
    */
    uint32_t cyclesLeft(uint32_t cycles, uint32_t lowest, uint32_t highest) const
    {
      if(myTimer <= lowest || myTimer - 1 > highest) return 0;
      const int left = myCyclesWhenTimerSet + (int)((myTimer - lowest) << myIntervalShift) - (int)cycles + 1;
      return left > 0 ? left : 0;
    }
`,
  },
  {
    why: 'The include guard ends before the last braces, so that a second include in one unit closes too much',
    file: 'emucore/NullDev.hxx',
    find: '};\n#endif\n\n}  // namespace stella\n}  // namespace ale\n',
    replace: '};\n\n}  // namespace stella\n}  // namespace ale\n#endif\n',
  },
  {
    why: 'The palette of colour averaging costs 0.3 s per instance, and only colour averaging reads it',
    file: 'environment/phosphor_blend.cpp',
    find: '  m_phosphor_blend_ratio = 77;\n\n  makeAveragePalette();\n',
    replace: '  m_phosphor_blend_ratio = 77;\n',
  },
  {
    why: 'so it is made when first needed',
    file: 'environment/phosphor_blend.cpp',
    find: 'void PhosphorBlend::process(ALEScreen& screen) {\n',
    replace:
      'void PhosphorBlend::process(ALEScreen& screen) {\n' +
      '  if (!m_palette_made) makeAveragePalette();\n  m_palette_made = true;\n',
  },
  {
    why: '(its mark)',
    file: 'environment/phosphor_blend.hpp',
    find: '  uint8_t m_rgb_ntsc[64][64][64];\n',
    replace: '  bool m_palette_made = false;\n  uint8_t m_rgb_ntsc[64][64][64];\n',
  },
  {
    why: 'An observation needs the last two frames: the old screen is kept by swapping it, which copies nothing',
    file: 'environment/stella_environment.cpp',
    find: 'void StellaEnvironment::processScreen() {\n',
    replace: 'void StellaEnvironment::processScreen() {\n  std::swap(m_screen, m_previous_screen);\n',
  },
  {
    why: '(its place)',
    file: 'environment/stella_environment.hpp',
    find: '  ALEScreen m_screen; // The current ALE screen (possibly colour-averaged)\n',
    replace:
      '  ALEScreen m_screen; // The current ALE screen (possibly colour-averaged)\n  ALEScreen m_previous_screen;\n',
  },
  {
    why: '(its size)',
    file: 'environment/stella_environment.cpp',
    find: '      m_player_a_action(PLAYER_A_NOOP),\n',
    replace: '      m_previous_screen(m_screen),\n      m_player_a_action(PLAYER_A_NOOP),\n',
  },
  {
    why: '(and its names)',
    file: 'environment/stella_environment.hpp',
    find: '  const ALEScreen& getScreen() const { return m_screen; }\n',
    replace:
      '  const ALEScreen& getScreen() const { return m_screen; }\n' +
      '  const ALEScreen& getPreviousScreen() const { return m_previous_screen; }\n',
  },
  {
    why: '(and its names)',
    file: 'ale_interface.hpp',
    find: '  const ALEScreen& getScreen() const;\n',
    replace:
      '  const ALEScreen& getScreen() const;\n' +
      '  const ALEScreen& getPreviousScreen() const { return environment->getPreviousScreen(); }\n',
  },
];

/**
 * Keeps the rows of Stella's table of cartridges that belong to `md5s`: compiling all 56,000 string literals takes
 * longer than everything else together. The order stays, because the table is searched by bisection.
 * @param {string} text of emucore/DefProps.hxx
 * @param {Set<string>} md5s
 */
export function keepCartridges(text, md5s) {
  const row = /^ {2}\{ "([0-9a-f]{32})",.*\n/gm;
  let kept = 0;
  let all = 0;
  const filtered = text.replace(row, (line, md5) => {
    all += 1;
    if (!md5s.has(md5)) return '';
    kept += 1;
    return line;
  });
  const size = `#define DEF_PROPS_SIZE ${all}\n`;
  if (kept === 0 || !filtered.includes(size)) throw new Error('patching ALE: emucore/DefProps.hxx is not as expected');
  return filtered.replace(size, `#define DEF_PROPS_SIZE ${kept}\n`);
}

/**
 * Applies every patch.
 * @param {(file: string) => string} read text of a file below `ale/`
 * @returns {Map<string, string>} new text by file
 */
export function patchSources(read) {
  const texts = new Map();
  for (const { file, find, upTo, replace, why } of patches) {
    const text = texts.get(file) ?? read(file);
    const [before, after, ...more] = text.split(find);
    const rest = upTo === undefined || after === undefined ? [after] : after.split(upTo);
    if (after === undefined || more.length > 0 || (upTo !== undefined && rest.length !== 2)) {
      throw new Error(`patching ALE: ${file} is not as expected (${why})`);
    }
    texts.set(file, upTo === undefined ? before + replace + after : before + replace + upTo + rest[1]);
  }
  const instructions = 'emucore/M6502Low.ins';
  texts.set(instructions, rewriteInstructions(texts.get(instructions), read('emucore/M6502.cxx')));
  return texts;
}
