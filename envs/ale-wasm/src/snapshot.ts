// SPDX-License-Identifier: GPL-2.0-only
// What stands around a snapshot's fields (native/snapshot*.cc), so that nothing foreign or damaged gets as far as them.
//
//   byte  0  "ALES"
//         4  format, uint32 (all numbers little-endian)
//         8  MD5 of the cartridge
//        24  ALE's version, ASCII, zero-padded
//        32  bytes of fields, uint32
//        36  CRC-32 of the bytes before this one and of the fields, uint32
//        40  fields
import { AleError } from './error.ts';

const magic = 'ALES';
const format = 1;
const headerBytes = 40;
const crcAt = 36;
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

/** Puts the header before the fields. `md5` is hexadecimal. */
export function sealSnapshot(fields: Uint8Array, md5: string, version: string): Uint8Array {
  const snapshot = new Uint8Array(headerBytes + fields.length);
  const header = new DataView(snapshot.buffer);
  snapshot.set(new TextEncoder().encode(magic));
  header.setUint32(4, format, true);
  for (let i = 0; i < 16; i++) snapshot[8 + i] = Number.parseInt(md5.slice(2 * i, 2 * i + 2), 16);
  snapshot.set(new TextEncoder().encode(version).subarray(0, 8), 24);
  header.setUint32(32, fields.length, true);
  snapshot.set(fields, headerBytes);
  header.setUint32(crcAt, checksum(snapshot), true);
  return snapshot;
}

/**
 * The fields of a snapshot, after its header has been found to be right for this build and the loaded game.
 * @param gameOf names the game of a cartridge by MD5, for the message
 * @throws {AleError} if it is foreign, damaged, or of another game
 */
export function openSnapshot(
  snapshot: Uint8Array,
  loaded: { md5: string; version: string },
  gameOf: (md5: string) => string | undefined,
): Uint8Array {
  if (snapshot.length < headerBytes || snapshot.length > mostBytes || ascii(snapshot.subarray(0, 4)) !== magic) {
    throw new AleError(`${snapshot.length} bytes that are no snapshot; saveState makes them`);
  }
  const header = new DataView(snapshot.buffer, snapshot.byteOffset, headerBytes);
  const foundFormat = header.getUint32(4, true);
  if (foundFormat !== format) {
    throw new AleError(`a snapshot of format ${foundFormat}; this version of ale-wasm takes format ${format}`);
  }
  const length = headerBytes + header.getUint32(32, true);
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
  return snapshot.subarray(headerBytes);
}
