import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AppendFile } from '../../../src/runs/append-file.ts';
import { writeHeader, writeScalars } from '../../../src/runs/tensorboard.ts';
import { temporaryFolder } from './samples.ts';

/** A field of a protocol buffer: its number, and its value as bigint (varint) or bytes (all else). */
type Field = readonly [number, bigint | Buffer];

/** Reads a protocol buffer by its encoding rules, knowing nothing of events. */
function fields(data: Buffer): Field[] {
  const found: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = data.readUInt8(at++);
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const take = (length: number): Buffer => data.subarray(at, (at += length));
  while (at < data.length) {
    const key = Number(varint());
    const field = key >> 3;
    const type = key & 7;
    assert.ok([0, 1, 2, 5].includes(type), `wire type ${type}`);
    if (type === 0) found.push([field, varint()]);
    else found.push([field, take(type === 1 ? 8 : type === 5 ? 4 : Number(varint()))]);
  }
  assert.equal(at, data.length);
  return found;
}

/** CRC-32C bit by bit: long division by the polynomial, unlike the table of the code under test. */
function slowMaskedCrc(data: Buffer): number {
  let crc = 0xffffffffn;
  for (const byte of data) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0x82f63b78n : crc >> 1n;
  }
  crc ^= 0xffffffffn;
  return Number((((crc >> 15n) | (crc << 17n)) + 0xa282ead8n) & 0xffffffffn);
}

/** The records of a TFRecord file, whose checksums must be right. */
function records(file: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < file.length;) {
    const length = Number(file.readBigUInt64LE(at));
    assert.equal(file.readUInt32LE(at + 8), slowMaskedCrc(file.subarray(at, at + 8)));
    const data = file.subarray(at + 12, at + 12 + length);
    assert.equal(file.readUInt32LE(at + 12 + length), slowMaskedCrc(data));
    found.push(data);
    at += 16 + length;
  }
  return found;
}

test('an event file read back by the rules of TFRecord and protocol buffers holds what was written', (context) => {
  const file = AppendFile.create(join(temporaryFolder(context), 'events.out.tfevents.1'));
  writeHeader(file, 1700000000.25);
  writeScalars(file, 10_000_000_000, 1700000001.5, [
    ['policyLoss', -0.125],
    ['activation/shares/0', 0.75],
    ['n'.repeat(200), 3],
  ]);
  writeScalars(file, 0, 1700000002, [['ε', 1e30]]);
  file.flush();
  file.close();

  const events = records(readFileSync(file.path)).map((data) => new Map(fields(data)));
  assert.equal(events.length, 3);
  const bytes = (value: bigint | Buffer | undefined): Buffer => {
    assert.ok(Buffer.isBuffer(value));
    return value;
  };
  assert.equal(bytes(events[0]?.get(1)).readDoubleLE(), 1700000000.25);
  assert.equal(bytes(events[0]?.get(3)).toString(), 'brain.Event:2');

  const scalars = (event: Map<number, bigint | Buffer> | undefined): [string, number][] =>
    fields(bytes(event?.get(5))).map(([field, value]) => {
      assert.equal(field, 1);
      const summary = new Map(fields(bytes(value)));
      return [bytes(summary.get(1)).toString(), bytes(summary.get(2)).readFloatLE()];
    });
  assert.equal(bytes(events[1]?.get(1)).readDoubleLE(), 1700000001.5);
  assert.equal(events[1]?.get(2), 10_000_000_000n);
  assert.deepEqual(scalars(events[1]), [
    ['policyLoss', -0.125],
    ['activation/shares/0', 0.75],
    ['n'.repeat(200), 3],
  ]);
  assert.equal(events[2]?.get(2), 0n);
  assert.deepEqual(scalars(events[2]), [['ε', Math.fround(1e30)]]);
});
