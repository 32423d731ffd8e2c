// SPDX-License-Identifier: GPL-2.0-only
// What stands around a snapshot's fields (native/snapshot*.cc), so that nothing foreign or damaged gets as far as them.
//
//   byte  0  "ALES"
//         4  format, uint32 (all numbers little-endian)
//         8  MD5 of the cartridge
//        24  ALE's version, ASCII, zero-padded
//        32  bytes of fields, uint32
//        36  bytes after them that tell what was observed (observed.ts), uint32
//        40  CRC-32 of the bytes before this one and of those after the header, uint32
//        44  fields, then what was observed
import { AleError } from './error.ts';

const magic = 'ALES';
const format = 2;
const headerBytes = 44;
const crcAt = 40;
/** More than any state takes. */
const mostBytes = 1 << 20;

const ascii = (bytes: Uint8Array) => String.fromCharCode(...bytes).replace(/\0+$/, '');
const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
  return remainder;
});

/** CRC-32 (as in zlib) of a snapshot without the four bytes that hold it. */
function checksum(snapshot: Uint8Array): number {
  let crc = ~0;
  for (let i = 0; i < snapshot.length; i++) {
    if (i === crcAt) i = headerBytes;
    crc = (crc >>> 8) ^ (crcTable[(crc ^ (snapshot[i] ?? 0)) & 0xff] ?? 0);
  }
  return ~crc >>> 0;
}

/** What a snapshot tells. */
interface SnapshotParts {
  /** Of the emulator: native/snapshot.cc. */
  readonly fields: Uint8Array;
  readonly observed: Uint8Array;
}

/** Puts the header before the parts. `md5` is hexadecimal. */
export function sealSnapshot({ fields, observed }: SnapshotParts, md5: string, version: string): Uint8Array {
  const snapshot = new Uint8Array(headerBytes + fields.length + observed.length);
  const header = new DataView(snapshot.buffer);
  snapshot.set(new TextEncoder().encode(magic));
  header.setUint32(4, format, true);
  for (let i = 0; i < 16; i++) snapshot[8 + i] = Number.parseInt(md5.slice(2 * i, 2 * i + 2), 16);
  snapshot.set(new TextEncoder().encode(version).subarray(0, 8), 24);
  header.setUint32(32, fields.length, true);
  header.setUint32(36, observed.length, true);
  snapshot.set(fields, headerBytes);
  snapshot.set(observed, headerBytes + fields.length);
  header.setUint32(crcAt, checksum(snapshot), true);
  return snapshot;
}

/**
 * The parts of a snapshot, after its header has been found to be right for this build and the loaded game.
 * @param gameOf names the game of a cartridge by MD5, for the message
 * @throws {AleError} if it is foreign, damaged, or of another game
 */
export function openSnapshot(
  snapshot: Uint8Array,
  loaded: { md5: string; version: string },
  gameOf: (md5: string) => string | undefined,
): SnapshotParts {
  if (snapshot.length < headerBytes || snapshot.length > mostBytes || ascii(snapshot.subarray(0, 4)) !== magic) {
    throw new AleError(`${snapshot.length} bytes that are no snapshot; saveState makes them`);
  }
  const header = new DataView(snapshot.buffer, snapshot.byteOffset, headerBytes);
  const foundFormat = header.getUint32(4, true);
  if (foundFormat !== format) {
    throw new AleError(`a snapshot of format ${foundFormat}; this version of ale-wasm takes format ${format}`);
  }
  const observedAt = headerBytes + header.getUint32(32, true);
  const length = observedAt + header.getUint32(36, true);
  if (snapshot.length !== length) {
    throw new AleError(`a snapshot of ${snapshot.length} bytes that should have ${length}; take another`);
  }
  const found = checksum(snapshot);
  const expected = header.getUint32(crcAt, true);
  if (found !== expected) {
    throw new AleError(
      `a damaged snapshot (checksum ${found.toString(16)}, not ${expected.toString(16)}); take another`,
    );
  }
  const version = ascii(snapshot.subarray(24, 32));
  if (version !== loaded.version) {
    throw new AleError(`a snapshot of ALE ${JSON.stringify(version)}; this is ALE ${loaded.version}`);
  }
  const md5 = hex(snapshot.subarray(8, 24));
  if (md5 !== loaded.md5) {
    const game = gameOf(md5) ?? `a cartridge with MD5 ${md5}`;
    throw new AleError(`a snapshot of ${game}, while ${gameOf(loaded.md5)} is loaded; load its cartridge first`);
  }
  return { fields: snapshot.subarray(headerBytes, observedAt), observed: snapshot.subarray(observedAt) };
}
