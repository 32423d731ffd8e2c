/** The upper word of a product of two 32-bit words; its parts stay below 2^53, where numbers are exact. */
export function high32(a: number, b: number): number {
  return Math.floor((a * (b >>> 16) + Math.floor((a * (b & 0xffff)) / 0x1_0000)) / 0x1_0000);
}
