// SPDX-License-Identifier: GPL-2.0-only
// Which writes to TIA's registers change what is drawn from then on. ALE draws up to the beam at every write and read;
// what a write leaves as it is can as well be drawn later, in longer stretches. Included by TIA.cxx, in ale::stella.

inline void TIA::drawLater(int clock) {
  if (clock > myPostponedClock) myPostponedClock = clock;
}

inline void TIA::drawNow(int clock) { updateFrame(std::max(clock, myPostponedClock)); }

/**
 * Whether a write changes pixels or collisions behind it, or must find those before it drawn. Where it does not, all
 * that the write sets, the masks included, has the very value already, and the end of a scanline leaves it so.
 */
inline bool TIA::changesPicture(uint16_t address, uint8_t value) const {
  // The missile of the "Cosmic Ark" bug moves at the end of every scanline.
  if (myM0CosmicArkMotionEnabled) return true;
  const auto lossy = [&](uint8_t color) -> uint8_t {
    return (color & 0xfe) | (myColorLossEnabled && (myScanlineCountForLastFrame & 1) ? 1 : 0);
  };
  const auto reflect = [](bool reflected, uint8_t bits) { return reflected ? ourPlayerReflectTable[bits] : bits; };
  const auto shows = [&](uint8_t object) -> bool { return myEnabledObjects & object; };
  switch (address) {
    case 0x01:  // VBLANK
      return (value ^ myVBLANK) & 0x02;
    case 0x02:  // WSYNC
    case 0x03:  // RSYNC
      return false;
    case 0x04:  // NUSIZ0
      return value != myNUSIZ0 ||
             myCurrentP0Mask != &ourPlayerMaskTable[myPOSP0 & 3][0][value & 7][160 - (myPOSP0 & 0xFC)] ||
             myCurrentM0Mask !=
                 &ourMissleMaskTable[myPOSM0 & 3][value & 7][(value & 0x30) >> 4][160 - (myPOSM0 & 0xFC)];
    case 0x05:  // NUSIZ1
      return value != myNUSIZ1 ||
             myCurrentP1Mask != &ourPlayerMaskTable[myPOSP1 & 3][0][value & 7][160 - (myPOSP1 & 0xFC)] ||
             myCurrentM1Mask !=
                 &ourMissleMaskTable[myPOSM1 & 3][value & 7][(value & 0x30) >> 4][160 - (myPOSM1 & 0xFC)];
    case 0x06:  // COLUP0
      return lossy(value) != static_cast<uint8_t>(myCOLUP0);
    case 0x07:  // COLUP1
      return lossy(value) != static_cast<uint8_t>(myCOLUP1);
    case 0x08:  // COLUPF
      return lossy(value) != static_cast<uint8_t>(myCOLUPF);
    case 0x09:  // COLUBK
      return lossy(value) != static_cast<uint8_t>(myCOLUBK);
    case 0x0A:  // CTRLPF
      return value != myCTRLPF || myCurrentPFMask != ourPlayfieldTable[value & 1] ||
             myCurrentBLMask != &ourBallMaskTable[myPOSBL & 3][(value & 0x30) >> 4][160 - (myPOSBL & 0xFC)];
    case 0x0B:  // REFP0
      return ((value & 0x08) != 0) != myREFP0;
    case 0x0C:  // REFP1
      return ((value & 0x08) != 0) != myREFP1;
    case 0x0D:  // PF0
      return (value >> 4) != (myPF & 0x0F);
    case 0x0E:  // PF1
      return value != (myPF >> 4 & 0xFF);
    case 0x0F:  // PF2
      return value != (myPF >> 12 & 0xFF);
    case 0x15:  // the six registers of the sound
    case 0x16:
    case 0x17:
    case 0x18:
    case 0x19:
    case 0x1A:
      return false;
    case 0x1B:  // GRP0: also hands player 1's graphics to its delayed copy
      return reflect(myREFP0, myVDELP0 ? myDGRP0 : value) != myCurrentGRP0 || reflect(myREFP1, myGRP1) != myCurrentGRP1;
    case 0x1C:  // GRP1: also hands player 0's graphics and the ball to their delayed copies
      return reflect(myREFP1, myVDELP1 ? myDGRP1 : value) != myCurrentGRP1 ||
             reflect(myREFP0, myGRP0) != myCurrentGRP0 || myENABL != shows(myBLBit);
    case 0x1D:  // ENAM0
      return ((value & 0x02) && !myRESMP0) != shows(myM0Bit);
    case 0x1E:  // ENAM1
      return ((value & 0x02) && !myRESMP1) != shows(myM1Bit);
    case 0x1F:  // ENABL
      return (myVDELBL ? myDENABL : (value & 0x02) != 0) != shows(myBLBit);
    case 0x22:  // HMM0, which may start the bug
      return (value >> 4) == 6;
    case 0x20:  // HMP0
    case 0x21:  // HMP1
    case 0x23:  // HMM1
    case 0x24:  // HMBL
    case 0x2B:  // HMCLR
      return false;
    case 0x25:  // VDELP0
      return reflect(myREFP0, value & 1 ? myDGRP0 : myGRP0) != myCurrentGRP0;
    case 0x26:  // VDELP1
      return reflect(myREFP1, value & 1 ? myDGRP1 : myGRP1) != myCurrentGRP1;
    case 0x27:  // VDELBL
      return (value & 1 ? myDENABL : myENABL) != shows(myBLBit);
    case 0x28:  // RESMP0
      return ((value & 0x02) != 0) != myRESMP0;
    case 0x29:  // RESMP1
      return ((value & 0x02) != 0) != myRESMP1;
    default:
      return true;
  }
}
