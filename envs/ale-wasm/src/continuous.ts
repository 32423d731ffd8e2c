// SPDX-License-Identifier: GPL-2.0-only
// ale-py's continuous actions: a joystick in polar coordinates. ale-py computes them with NumPy's float32 cosine and
// sine, whose last bit is not that of Math.cos; here are NumPy's own polynomials, so that both choose alike.
import { actionNames } from './actions.ts';
import { checkReal } from './check.ts';

const f32 = Math.fround;

/**
 * Nearly a fused multiply-add: the product of two float32 is exact in double precision, but the sum is rounded twice,
 * to double and to float32. Where the first rounding lands halfway between two float32, once in some 2^29 sums, the
 * last bit may be another.
 */
const fma = (a: number, b: number, c: number) => f32(a * b + c);

const twoOverPi = f32(0.6366197466850281);
/** Pi / 2 in three parts, negative. */
const halfPi = [-1.570796012878418, -3.1391647326017846e-7, -5.390302529957765e-15].map(f32);
const cosine = [2.4372266125283204e-5, -0.001388652017340064, 0.04166661947965622, -0.5, 1].map(f32);
const sine = [2.8404097065504175e-6, -1.9856491417158395e-4, 0.008333397097885609, -0.1666666716337204, 0].map(f32);

const polynomial = (coefficients: number[], x: number) =>
  coefficients.reduce((sum, coefficient) => fma(sum, x, coefficient));

/** cos(theta) where `turn` is 1, sin(theta) where it is 0, for |theta| < 71,476. */
function turned(theta: number, turn: 0 | 1): number {
  const quadrant = roundHalfEven(f32(theta * twoOverPi));
  const x = halfPi.reduce((rest, part) => fma(quadrant, part, rest), theta);
  const square = f32(x * x);
  const place = quadrant + turn;
  const value = place % 2 === 0 ? fma(polynomial(sine, square), x, x) : polynomial(cosine, square);
  return (place & 2) === 0 ? value : -value;
}

function roundHalfEven(x: number): number {
  const magic = 1.5 * 2 ** 23;
  return f32(f32(x + magic) - magic);
}

/** What `Ale.act` takes. */
export interface JoystickAction {
  readonly action: number;
  /** How far a paddle turns, 0 to 1. */
  readonly strength: number;
}

/**
 * The action that ale-py's continuous action space means.
 * @param radius of the joystick, 0 to 1; also the paddle's strength
 * @param theta its angle in radians, -pi to pi: 0 is right, pi / 2 is up
 * @param fire 0 to 1
 * @param threshold beyond which a direction or fire counts, 0 to 1
 * @throws {AleError} if one is out of range
 */
export function continuousAction(radius: number, theta: number, fire: number, threshold = 0.5): JoystickAction {
  const pi = f32(Math.PI);
  const r = f32(checkReal('radius', radius, 0, 1));
  const angle = f32(checkReal('theta', theta, -pi, pi));
  const limit = f32(checkReal('threshold', threshold, 0, 1));
  const pressed = f32(checkReal('fire', fire, 0, 1)) > limit;
  const side = (value: number, positive: string, negative: string) =>
    value > limit ? positive : value < -limit ? negative : '';
  const x = side(f32(r * turned(angle, 1)), 'RIGHT', 'LEFT');
  const y = side(f32(r * turned(angle, 0)), 'UP', 'DOWN');
  const name = y + x + (pressed ? 'FIRE' : '');
  return { action: name === '' ? 0 : (actionNames as readonly string[]).indexOf(name), strength: r };
}
