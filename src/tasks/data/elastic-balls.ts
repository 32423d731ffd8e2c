/** A disc without friction or spin in a square box whose walls are the lines 0 and `side` of either axis. */
export interface Ball {
  /** Of the centre. */
  x: number;
  y: number;
  /** Length per unit of time. */
  vx: number;
  vy: number;
  readonly radius: number;
  readonly mass: number;
}

/** What happens next in a box: two balls meet, or one meets a wall that is normal to an axis. */
export type Collision = { readonly after: number; readonly ball: Ball } & (
  { readonly other: Ball } | { readonly axis: 'x' | 'y' }
);

/**
 * Moves elastic balls through a time, from collision to collision: each is found in closed form, so that no step size
 * matters and energy is kept to rounding. Cost: O(balls squared) per collision.
 * @param side of the box, in which the balls lie without overlap
 * @param onCollision called with each collision, after it
 */
export function advance(
  balls: readonly Ball[],
  side: number,
  time: number,
  onCollision?: (met: Collision) => void,
): void {
  let left = time;
  for (;;) {
    const next = nextCollision(balls, side);
    if (!next || next.after > left) return move(balls, left);
    move(balls, next.after);
    collide(next);
    left -= next.after;
    onCollision?.(next);
  }
}

/** The first collision ahead; undefined if nothing moves. */
export function nextCollision(balls: readonly Ball[], side: number): Collision | undefined {
  let first: Collision | undefined;
  for (const [i, ball] of balls.entries()) {
    for (const axis of ['x', 'y'] as const) {
      const after = timeToWall(ball[axis], axis === 'x' ? ball.vx : ball.vy, ball.radius, side);
      if (after < (first?.after ?? Infinity)) first = { after, ball, axis };
    }
    for (let j = 0; j < i; j++) {
      const other = balls[j] as Ball;
      const after = timeToBall(ball, other);
      if (after < (first?.after ?? Infinity)) first = { after, ball, other };
    }
  }
  return first;
}

/** Infinity for a ball that does not move along the axis. */
function timeToWall(position: number, speed: number, radius: number, side: number): number {
  if (speed === 0) return Infinity;
  const gap = speed > 0 ? side - radius - position : position - radius;
  return Math.max(0, gap / Math.abs(speed));
}

/**
 * The smaller root of |dx + dv t| = r1 + r2; Infinity for balls that miss each other or move apart. Two balls that have
 * just met move apart: rounding cannot make them meet twice.
 */
function timeToBall(a: Ball, b: Ball): number {
  const [dx, dy, dvx, dvy] = [b.x - a.x, b.y - a.y, b.vx - a.vx, b.vy - a.vy];
  const approach = -(dx * dvx + dy * dvy);
  if (approach <= 0) return Infinity;
  const gap = dx * dx + dy * dy - (a.radius + b.radius) ** 2;
  const discriminant = approach ** 2 - (dvx * dvx + dvy * dvy) * gap;
  // Divided so, and not by the speeds, the root keeps its digits when the gap is small.
  return discriminant < 0 ? Infinity : Math.max(0, gap / (approach + Math.sqrt(discriminant)));
}

function move(balls: readonly Ball[], time: number): void {
  for (const ball of balls) {
    ball.x += ball.vx * time;
    ball.y += ball.vy * time;
  }
}

/** A wall turns a speed around; two balls exchange an impulse along the line between their centres. */
function collide(collision: Collision): void {
  const { ball } = collision;
  if ('axis' in collision) {
    if (collision.axis === 'x') ball.vx = -ball.vx;
    else ball.vy = -ball.vy;
    return;
  }
  const { other } = collision;
  const [dx, dy] = [other.x - ball.x, other.y - ball.y];
  const along = ((other.vx - ball.vx) * dx + (other.vy - ball.vy) * dy) / (dx * dx + dy * dy);
  const reduced = (2 * along) / (ball.mass + other.mass);
  ball.vx += reduced * other.mass * dx;
  ball.vy += reduced * other.mass * dy;
  other.vx -= reduced * ball.mass * dx;
  other.vy -= reduced * ball.mass * dy;
}
