// The part of omggif that is used here; the package has no types of its own.
declare module 'omggif' {
  export class GifReader {
    constructor(bytes: Uint8Array);
    readonly width: number;
    readonly height: number;
    numFrames(): number;
    /** `delay` in hundredths of a second. */
    frameInfo(frame: number): { delay: number };
    decodeAndBlitFrameRGBA(frame: number, rgba: Uint8Array): void;
  }
}
