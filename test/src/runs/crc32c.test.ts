import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32c } from '../../../src/runs/crc32c.ts';

test('CRC-32C gives the values that RFC 3720, appendix B.4, lists', () => {
  const bytes = (value: (i: number) => number): Uint8Array => Uint8Array.from({ length: 32 }, (_, i) => value(i));
  assert.equal(crc32c(bytes(() => 0)), 0x8a9136aa);
  assert.equal(crc32c(bytes(() => 0xff)), 0x62a8ab43);
  assert.equal(crc32c(bytes((i) => i)), 0x46dd794e);
  assert.equal(crc32c(bytes((i) => 31 - i)), 0x113fdb5c);
});

test('CRC-32C gives the check value of the catalogue of CRC algorithms', () => {
  assert.equal(crc32c(Buffer.from('123456789')), 0xe3069283);
  assert.equal(crc32c(new Uint8Array()), 0);
});
