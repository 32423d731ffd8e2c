import { actionNames } from 'ale-wasm';
import { Box } from 'gym-js';

/** Radius, angle and button of a stick: 0..1, -pi..pi, 0..1, as in ale-py. */
export function stickSpace(): Box<'float32'> {
  return new Box({ low: [0, -Math.PI, 0], high: [1, Math.PI, 1], shape: [3], dtype: 'float32' });
}

/**
 * The joystick action, by ALE's code, that a stick stands for: a direction or the button counts from `threshold` on.
 * The radius is the strength with which paddles turn. In float32, as ale-py computes.
 */
export function joystick([radius = 0, angle = 0, button = 0]: Float32Array, threshold: number): number {
  const least = Math.fround(threshold);
  const x = Math.fround(radius * Math.fround(Math.cos(angle)));
  const y = Math.fround(radius * Math.fround(Math.sin(angle)));
  const name =
    (y > least ? 'UP' : y < -least ? 'DOWN' : '') +
    (x > least ? 'RIGHT' : x < -least ? 'LEFT' : '') +
    (button > least ? 'FIRE' : '');
  return (actionNames as readonly string[]).indexOf(name || 'NOOP');
}
