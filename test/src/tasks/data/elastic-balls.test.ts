import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../../../agents/random.ts';
import { advance, type Ball, type Collision, nextCollision } from '../../../../src/tasks/data/elastic-balls.ts';

const side = 100;
const ball = (values: Partial<Ball>): Ball => ({ x: 50, y: 50, vx: 0, vy: 0, radius: 5, mass: 1, ...values });
const energy = (balls: readonly Ball[]): number =>
  balls.reduce((sum, { mass, vx, vy }) => sum + (mass * (vx * vx + vy * vy)) / 2, 0);

/** Balls on a grid of cells that they fit into, with speeds and masses drawn from a seed. */
function drawn(count: number, seed: number, unequal: boolean): Ball[] {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, i) => {
    const [radius, mass] = unequal ? [4 + 5 * random.uniform(), 1 + 9 * random.uniform()] : [8, 1];
    const [x, y] = [(i % 4) * 25 + 12.5, Math.floor(i / 4) * 25 + 12.5];
    return ball({ x, y, vx: random.normal(), vy: random.normal(), radius, mass });
  });
}

function near(actual: number, expected: number, tolerance = 1e-12): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
}

test('two equal balls that meet head-on exchange their speeds', () => {
  const balls = [ball({ x: 30, vx: 2 }), ball({ x: 60, vx: -3 })];
  assert.equal(nextCollision(balls, side)?.after, 4); // a gap of 20 at a speed of 5
  advance(balls, side, 5);
  assert.deepEqual(
    balls.map(({ x, vx, vy }) => [x, vx, vy]),
    [
      [38 - 3, -3, 0],
      [48 + 2, 2, 0],
    ],
  );
});

test('unequal masses: the textbook speeds of a head-on collision', () => {
  const [m1, m2, v1, v2] = [3, 0.5, 1.5, -4];
  const balls = [ball({ x: 40, vx: v1, mass: m1 }), ball({ x: 55, vx: v2, mass: m2 })];
  advance(balls, side, 1);
  near(balls[0]?.vx ?? NaN, ((m1 - m2) * v1 + 2 * m2 * v2) / (m1 + m2));
  near(balls[1]?.vx ?? NaN, ((m2 - m1) * v2 + 2 * m1 * v1) / (m1 + m2));
});

test('a glancing blow on an equal ball at rest: both leave at a right angle, the struck one along the centres', () => {
  const balls = [ball({ x: 30, y: 50, vx: 2 }), ball({ x: 50, y: 56 })];
  advance(balls, side, 8);
  const [first, second] = balls as [Ball, Ball];
  near(first.vx * second.vx + first.vy * second.vy, 0);
  near(second.vy / second.vx, 6 / 8); // centres 10 apart, 6 of it along y
});

test('a wall turns around the speed along its normal, in a corner both', () => {
  const balls = [ball({ x: 90, y: 20, vx: 2, vy: 1 })];
  advance(balls, side, 10);
  assert.deepEqual([balls[0]?.x, balls[0]?.y, balls[0]?.vx, balls[0]?.vy], [80, 30, -2, 1]);
  const corner = [ball({ x: 90, y: 90, vx: 1, vy: 1 })];
  advance(corner, side, 10);
  assert.deepEqual([corner[0]?.x, corner[0]?.y, corner[0]?.vx, corner[0]?.vy], [90, 90, -1, -1]);
});

test('a ball alone: its path is a triangle wave of closed form', () => {
  const [start, speed, radius] = [17, 3.7, 5];
  const balls = [ball({ x: start, vx: speed, radius })];
  advance(balls, side, 1234.5);
  const [room, travelled] = [side - 2 * radius, start - radius + speed * 1234.5];
  const phase = travelled % (2 * room);
  near(balls[0]?.x ?? NaN, radius + (phase < room ? phase : 2 * room - phase), 1e-9);
});

test('balls that rest, or that only move apart, meet nothing or a wall', () => {
  assert.equal(nextCollision([ball({}), ball({ x: 70 })], side), undefined);
  const apart = [ball({ x: 40, vx: -1 }), ball({ x: 60, vx: 1 })];
  assert.equal(nextCollision(apart, side)?.after, 35);
});

for (const unequal of [false, true])
  test(`10,000 collisions of 8 ${unequal ? 'unequal' : 'equal'} balls: energy, momentum, no overlap`, () => {
    const balls = drawn(8, 5, unequal);
    const before = energy(balls);
    const momentum = (): number[] => [
      balls.reduce((sum, { mass, vx }) => sum + mass * vx, 0),
      balls.reduce((sum, { mass, vy }) => sum + mass * vy, 0),
    ];
    let [met, walls, last] = [0, 0, momentum()];
    const check = (collision: Collision): void => {
      const now = momentum();
      if ('axis' in collision) walls += 1;
      else for (const axis of [0, 1]) near(now[axis] ?? NaN, last[axis] ?? NaN, 1e-12);
      [met, last] = [met + 1, now];
      for (const [i, a] of balls.entries()) {
        for (const at of [a.x, a.y]) assert.ok(at > a.radius - 1e-9 && at < side - a.radius + 1e-9);
        for (const b of balls.slice(0, i))
          assert.ok(Math.hypot(a.x - b.x, a.y - b.y) > a.radius + b.radius - 1e-9, 'balls overlap');
      }
    };
    while (met < 10_000) advance(balls, side, 10, check);
    assert.ok(walls > 1000 && met - walls > 1000, `${walls} of ${met} at walls`);
    near(energy(balls) / before, 1, 1e-12);
  });

test('turned around in time, balls go back to where they came from', () => {
  const balls = drawn(8, 7, true);
  const start = balls.map((own) => ({ ...own }));
  let met = 0;
  advance(balls, side, 80, () => met++);
  for (const own of balls) Object.assign(own, { vx: -own.vx, vy: -own.vy });
  advance(balls, side, 80);
  assert.ok(met >= 20, `${met} collisions`);
  // Each collision magnifies the error in a direction: digits are lost, but few in so short a time.
  for (const [i, { x, y, vx, vy }] of balls.entries()) {
    const was = start[i] as Ball;
    near(x, was.x, 1e-7);
    near(y, was.y, 1e-7);
    near(vx, -was.vx, 1e-7);
    near(vy, -was.vy, 1e-7);
  }
});

test('how a time is cut into steps does not matter', () => {
  const [whole, cut] = [drawn(6, 3, true), drawn(6, 3, true)];
  advance(whole, side, 40);
  for (let i = 0; i < 400; i++) advance(cut, side, 0.1);
  for (const [i, own] of cut.entries()) near(own.x, (whole[i] as Ball).x, 1e-8);
});
