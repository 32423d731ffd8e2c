import assert from 'node:assert/strict';

/** A field of a protocol buffer: its number, and its value as bigint (varint) or bytes (all else). */
type Field = readonly [number, bigint | Buffer];

/** Reads a protocol buffer by its encoding rules, knowing nothing of events. */
export function fields(data: Buffer): Field[] {
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
export function records(file: Buffer): Buffer[] {
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

/** An event's scalars, by tag. */
export function scalarsOf(event: ReadonlyMap<number, bigint | Buffer> | undefined): [string, number][] {
  return fields(bytesOf(event?.get(5))).map(([field, value]) => {
    assert.equal(field, 1);
    const summary = new Map(fields(bytesOf(value)));
    return [bytesOf(summary.get(1)).toString(), bytesOf(summary.get(2)).readFloatLE()];
  });
}

export function bytesOf(value: bigint | Buffer | undefined): Buffer {
  assert.ok(Buffer.isBuffer(value));
  return value;
}
