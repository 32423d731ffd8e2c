/*
 * A core's states in one plain array, as they are kept between the steps of acting: a row per sequence, in it the
 * states side by side, such as h | c. Cutting and joining here costs less than one operation of TensorFlow.
 */

/** Cuts (B, states * width) into (B, width) each. */
export function splitStates(joined: Float32Array, batch: number, states: number): Float32Array[] {
  if (states === 1) return [joined];
  const width = joined.length / (batch * states);
  return Array.from({ length: states }, (_, i) => {
    const state = new Float32Array(batch * width);
    for (let b = 0; b < batch; b++) {
      const begin = (b * states + i) * width;
      state.set(joined.subarray(begin, begin + width), b * width);
    }
    return state;
  });
}

/** Joins (B, width) each to (B, states * width). */
export function joinStates(states: readonly Float32Array[], batch: number): Float32Array {
  const [first] = states;
  if (!first) return new Float32Array();
  if (states.length === 1) return first;
  const width = first.length / batch;
  const joined = new Float32Array(states.length * first.length);
  for (const [i, state] of states.entries())
    for (let b = 0; b < batch; b++)
      joined.set(state.subarray(b * width, (b + 1) * width), (b * states.length + i) * width);
  return joined;
}
