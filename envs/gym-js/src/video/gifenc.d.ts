// The part of gifenc that is used here; the package has no types of its own.
declare module 'gifenc' {
  interface Gif {
    /** `delay` in milliseconds; `palette` [red, green, blue] of each colour. */
    writeFrame(index: Uint8Array, width: number, height: number, options: { palette: number[][]; delay: number }): void;
    finish(): void;
    bytes(): Uint8Array;
  }
  const gifenc: {
    GIFEncoder(this: void): Gif;
    quantize(this: void, rgba: Uint8Array, maxColors: number): number[][];
    applyPalette(this: void, rgba: Uint8Array, palette: number[][]): Uint8Array;
  };
  export default gifenc;
}
