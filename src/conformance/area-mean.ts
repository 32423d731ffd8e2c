/** Rows and columns of a frame that a learner sees. */
export const side = 84;

/** A part of a target pixel, along one axis. */
interface Part {
  readonly target: number;
  readonly source: number;
  readonly weight: number;
}

/**
 * OpenCV's INTER_AREA to 84x84 in its own order of float32 sums: along each row, then down, rounded half to even.
 * @param picture (height, width), gray @returns (84, 84)
 */
export function areaMean(picture: Uint8Array, height: number, width: number): Uint8Array {
  const columns = parts(width);
  const sums = new Float32Array(side * side);
  const means = new Float32Array(side);
  for (const { target, source, weight } of parts(height)) {
    means.fill(0);
    for (const column of columns) {
      const pixel = picture[source * width + column.source] as number;
      means[column.target] = (means[column.target] as number) + Math.fround(pixel * column.weight);
    }
    for (const [x, mean] of means.entries())
      sums[target * side + x] = (sums[target * side + x] as number) + Math.fround(mean * weight);
  }
  return Uint8Array.from(sums, roundHalfToEven);
}

/** By target, then source; shares below 1e-3 of a source pixel are left out. */
function parts(size: number): Part[] {
  const scale = 1 / (side / size);
  return Array.from({ length: side }, (_, target) => {
    const from = target * scale;
    const to = from + scale;
    const width = Math.min(scale, size - from);
    const end = Math.min(Math.floor(to), size - 1);
    const begin = Math.min(Math.ceil(from), end);
    const shares = Array.from({ length: end - begin }, (_, i) => [begin + i, 1]);
    if (begin - from > 1e-3) shares.unshift([begin - 1, begin - from]);
    if (to - end > 1e-3) shares.push([end, Math.min(to - end, 1, width)]);
    return shares.map(([source, share]) => ({
      target,
      source: source as number,
      weight: Math.fround((share as number) / width),
    }));
  }).flat();
}

function roundHalfToEven(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  return rest === 0.5 ? low + (low % 2) : low + Number(rest > 0.5);
}
