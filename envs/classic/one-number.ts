/** Whether an action is one finite number: Gymnasium's continuous classic control cuts it to the space's bounds. */
export function oneNumber(action: unknown): action is Float32Array {
  return action instanceof Float32Array && action.length === 1 && Number.isFinite(action[0]);
}
