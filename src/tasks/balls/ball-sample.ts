import { z } from 'zod';
import { ballScenes, cells } from '../data/bouncing-balls.ts';

/** One video of each scene with what a network made of it, as sample.json of a run holds it. */
export const ballSamples = z.object({
  videos: z.array(
    z.object({
      scene: z.enum(Object.keys(ballScenes) as (keyof typeof ballScenes)[]),
      /** True frames that the network saw before it went on by itself. */
      seen: z.number().int().min(1),
      /** Frames as {@link packedText} writes them: the true ones, and those rolled out from frame `seen` on. */
      truth: z.string(),
      rolledOut: z.string(),
      /** 1 where a module was active, one list per step: step t read frame t. Only of cores made of modules. */
      active: z.array(z.array(z.number())).optional(),
    }),
  ),
});
export type BallSamples = z.infer<typeof ballSamples>;
export type BallSample = BallSamples['videos'][number];

/** The bytes of frames of cells, two for each, the lower first, in Base64. */
export function packedText(frames: Uint16Array): string {
  const bytes = Buffer.alloc(frames.length * 2);
  for (const [i, cell] of frames.entries()) bytes.writeUInt16LE(cell, i * 2);
  return bytes.toString('base64');
}

/** The frames of {@link packedText}, (256) each. */
export function packedFrames(text: string): Uint16Array[] {
  const bytes = Buffer.from(text, 'base64');
  return Array.from({ length: bytes.length / 2 / cells }, (_, frame) =>
    Uint16Array.from({ length: cells }, (_, i) => bytes.readUInt16LE((frame * cells + i) * 2)),
  );
}
