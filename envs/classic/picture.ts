import type { RenderFrame } from 'gym-js';

export type Point = readonly [x: number, y: number];
export type Rgb = readonly [red: number, green: number, blue: number];

/** A picture under way: shapes in one colour with hard edges; x to the right, y up, from the lower left corner. */
export class Picture implements RenderFrame {
  readonly width: number;
  readonly height: number;
  /** (height, width, 3), rows from the top. */
  readonly data: Uint8Array;

  /** White, `width` by `height` pixels. */
  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.data = new Uint8Array(width * height * 3).fill(255);
  }

  /** Fills a convex polygon: every pixel whose middle lies inside. */
  polygon(corners: readonly Point[], color: Rgb): void {
    const ys = corners.map(([, y]) => y);
    for (let row = Math.max(0, Math.floor(Math.min(...ys))); row < Math.min(this.height, Math.max(...ys)); row++) {
      const [from, to] = crossings(corners, row + 0.5);
      this.span(row, from, to, color);
    }
  }

  /** Fills a disc. */
  disc([x, y]: Point, radius: number, color: Rgb): void {
    for (let row = Math.max(0, Math.floor(y - radius)); row < Math.min(this.height, y + radius); row++) {
      const half = Math.sqrt(Math.max(0, radius ** 2 - (row + 0.5 - y) ** 2));
      this.span(row, x - half, x + half, color);
    }
  }

  /** A line from point to point, `thickness` pixels wide. */
  line(points: readonly Point[], thickness: number, color: Rgb): void {
    for (const [i, [x1, y1]] of points.slice(1).entries()) {
      const [x0, y0] = points[i] as Point;
      const length = Math.hypot(x1 - x0, y1 - y0) || 1;
      const [dx, dy] = [((y1 - y0) / length) * (thickness / 2), ((x1 - x0) / length) * (thickness / 2)];
      const corners: Point[] = [
        [x0 - dx, y0 + dy],
        [x1 - dx, y1 + dy],
        [x1 + dx, y1 - dy],
        [x0 + dx, y0 - dy],
      ];
      this.polygon(corners, color);
    }
  }

  /** A rectangle from (left, bottom) to (right, top) about an origin, turned by an angle against the clock. */
  rectangle([left, bottom]: Point, [right, top]: Point, [x, y]: Point, angle: number, color: Rgb): void {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const corners: Point[] = [
      [left, bottom],
      [left, top],
      [right, top],
      [right, bottom],
    ];
    this.polygon(
      corners.map(([a, b]) => [x + a * cos - b * sin, y + a * sin + b * cos]),
      color,
    );
  }

  /** Colours the pixels of a row, counted from below, whose middles lie between `from` and `to`. */
  private span(row: number, from: number, to: number, color: Rgb): void {
    const first = Math.max(0, Math.ceil(from - 0.5));
    const last = Math.min(this.width - 1, Math.floor(to - 0.5));
    for (let x = first; x <= last; x++) this.data.set(color, ((this.height - 1 - row) * this.width + x) * 3);
  }
}

/** Where a horizontal line enters and leaves a convex polygon; nowhere: from Infinity to -Infinity. */
function crossings(corners: readonly Point[], y: number): [from: number, to: number] {
  const xs = corners.flatMap(([x1, y1], i) => {
    const [x0, y0] = corners.at(i - 1) as Point;
    return y0 <= y === y1 <= y ? [] : [x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)];
  });
  return [Math.min(...xs), Math.max(...xs)];
}
