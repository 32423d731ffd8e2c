import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstStack, nextStack } from '../../../envs/atari/frame-stack.ts';
import { framePixels } from '../../../envs/atari/options.ts';

/** Frame number i: recognisable, and other at every pixel. */
const frameOf = (i: number): Uint8Array =>
  Uint8Array.from({ length: framePixels }, (_, pixel) => (pixel * 7 + i * 41) % 256);

/** Channel c of a stack. */
const channel = (stack: Uint8Array, depth: number, c: number): Uint8Array =>
  Uint8Array.from({ length: framePixels }, (_, pixel) => stack[pixel * depth + c] ?? 0);

for (const depth of [1, 2, 3, 4, 5, 16]) {
  test(`a stack of ${depth} holds the newest frames, oldest first, black before the first`, () => {
    let stack = new Uint8Array(framePixels * depth).fill(99);
    firstStack(frameOf(0), stack);
    for (let newest = 0; newest < 6; newest++) {
      for (let c = 0; c < depth; c++) {
        const i = newest - (depth - 1 - c);
        assert.deepEqual(channel(stack, depth, c), i < 0 ? new Uint8Array(framePixels) : frameOf(i), `${newest} ${c}`);
      }
      const next = new Uint8Array(framePixels * depth).fill(99);
      nextStack(frameOf(newest + 1), stack, next);
      nextStack(frameOf(newest + 1), stack, stack);
      assert.deepEqual(stack, next, 'the same in place');
      stack = next;
    }
  });
}

test('an array at an odd address gets the same stack', () => {
  const even = new Uint8Array(framePixels * 4);
  const odd = new Uint8Array(framePixels * 4 + 1).subarray(1);
  for (const stack of [even, odd]) {
    firstStack(frameOf(3), stack);
    nextStack(frameOf(4), stack, stack);
  }
  assert.deepEqual(odd, even);
});
