/**
 * The bounds between which a first state is drawn: reset's options `low` and `high`, or the environment's own.
 * Throws RangeError if one is no number or `low` is above `high`.
 */
export function resetBounds(options: Record<string, unknown>, low: number, high: number): [low: number, high: number] {
  const bounds: [number, number] = [numberOption(options, 'low', low), numberOption(options, 'high', high)];
  if (bounds[0] > bounds[1]) throw new RangeError(`reset option low ${bounds[0]} is above high ${bounds[1]}`);
  return bounds;
}

/** Reset's option `name`, or `standard` where it is not given. Throws RangeError if it is not a finite number. */
export function numberOption(options: Record<string, unknown>, name: string, standard: number): number {
  const value = options[name] ?? standard;
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new RangeError(`reset option ${name} ${JSON.stringify(value)} is not a finite number`);
  }
  return value;
}
