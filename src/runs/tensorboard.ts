import type { AppendFile } from './append-file.ts';
import { crc32c } from './crc32c.ts';

/** Wire types of protocol buffers that event files need. */
const varint = 0;
const fixed64 = 1;
const bytes = 2;
const fixed32 = 5;

/**
 * The first record of an event file, without which TensorBoard does not read it.
 * @param wallTime seconds since 1970
 */
export function writeHeader(file: AppendFile, wallTime: number): void {
  file.append(record(Buffer.concat([double(1, wallTime), text(3, 'brain.Event:2')])));
}

/**
 * One event with a value per tag (tensorflow/core/util/event.proto: wall_time 1, step 2, file_version 3, summary 5;
 * framework/summary.proto: value 1, with tag 1 and simple_value 2).
 * @param step agent steps @param wallTime seconds since 1970
 */
export function writeScalars(
  file: AppendFile,
  step: number,
  wallTime: number,
  scalars: readonly (readonly [string, number])[],
): void {
  const values = scalars.map(([tag, value]) => message(1, Buffer.concat([text(1, tag), float(2, value)])));
  const event = [
    double(1, wallTime),
    Buffer.concat([key(2, varint), varintBytes(step)]),
    message(5, Buffer.concat(values)),
  ];
  file.append(record(Buffer.concat(event)));
}

/**
 * A record as TFRecord files hold it: length, its checksum, data, its checksum
 * (tensorflow/core/lib/io/record_writer.h).
 */
function record(data: Uint8Array): Buffer {
  const framed = Buffer.alloc(data.length + 16);
  framed.writeBigUInt64LE(BigInt(data.length), 0);
  framed.writeUInt32LE(masked(crc32c(framed.subarray(0, 8))), 8);
  framed.set(data, 12);
  framed.writeUInt32LE(masked(crc32c(data)), 12 + data.length);
  return framed;
}

/** Checksums are rotated and shifted, so that the checksum of data which holds checksums stays a good one. */
function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282_ead8) >>> 0;
}

function key(field: number, wireType: number): Buffer {
  return varintBytes(field * 8 + wireType);
}

function varintBytes(value: number): Buffer {
  const out: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) out.push((rest % 128) + 128);
  return Buffer.from([...out, rest]);
}

function double(field: number, value: number): Buffer {
  const out = Buffer.alloc(8);
  out.writeDoubleLE(value);
  return Buffer.concat([key(field, fixed64), out]);
}

function float(field: number, value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeFloatLE(value);
  return Buffer.concat([key(field, fixed32), out]);
}

function message(field: number, content: Uint8Array): Buffer {
  return Buffer.concat([key(field, bytes), varintBytes(content.length), content]);
}

function text(field: number, value: string): Buffer {
  return message(field, Buffer.from(value));
}
