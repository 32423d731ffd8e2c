import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstStack, nextStack } from '../../../envs/atari/frame-stack.ts';

const pixels = 84 * 84;

/** Frame number i, of so many channels: recognisable, and other at every byte. */
const frameOf = (i: number, channels: number): Uint8Array =>
  Uint8Array.from({ length: pixels * channels }, (_, byte) => (byte * 7 + i * 41) % 256);

/** The frame at place `place` of a stack. */
const frameIn = (stack: Uint8Array, depth: number, channels: number, place: number): Uint8Array =>
  Uint8Array.from(
    { length: pixels * channels },
    (_, byte) => stack[(Math.floor(byte / channels) * depth + place) * channels + (byte % channels)] ?? 0,
  );

for (const channels of [1, 3]) {
  for (const depth of [1, 2, 3, 4, 5, 16]) {
    test(`a stack of ${depth} holds the newest frames of ${channels} channels, black before the first`, () => {
      const blank = (): Uint8Array => new Uint8Array(pixels * channels * depth).fill(99);
      let stack = blank();
      firstStack(frameOf(0, channels), stack, channels);
      for (let newest = 0; newest < 6; newest++) {
        for (let place = 0; place < depth; place++) {
          const i = newest - (depth - 1 - place);
          const expected = i < 0 ? new Uint8Array(pixels * channels) : frameOf(i, channels);
          assert.deepEqual(frameIn(stack, depth, channels, place), expected, `${newest} ${place}`);
        }
        const next = blank();
        nextStack(frameOf(newest + 1, channels), stack, next, channels);
        nextStack(frameOf(newest + 1, channels), stack, stack, channels);
        assert.deepEqual(stack, next, 'the same in place');
        stack = next;
      }
    });
  }
}

test('an array at an odd address gets the same stack', () => {
  const even = new Uint8Array(pixels * 4);
  const odd = new Uint8Array(pixels * 4 + 1).subarray(1);
  for (const stack of [even, odd]) {
    firstStack(frameOf(3, 1), stack, 1);
    nextStack(frameOf(4, 1), stack, stack, 1);
  }
  assert.deepEqual(odd, even);
});
