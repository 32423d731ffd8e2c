import { requireFinite, requireKnown } from '../ranges.ts';
import { UserError } from '../user-error.ts';

/**
 * The bounds between which a first state is drawn: reset's options `low` and `high`, or the environment's own.
 * Throws UserError if one is no number, `low` is above `high`, or there are other options.
 */
export function resetBounds(options: Record<string, unknown>, low: number, high: number): [low: number, high: number] {
  const given = resetNumbers(options, { low, high });
  if (given.low > given.high) throw new UserError(`reset option low ${given.low} is above high ${given.high}`);
  return [given.low, given.high];
}

/**
 * Reset's options, or what `standard` has for those left out. Throws UserError for others, and for what is no finite
 * number.
 */
export function resetNumbers<Name extends string>(
  options: Record<string, unknown>,
  standard: Readonly<Record<Name, number>>,
): Record<Name, number> {
  requireKnown('reset', options, Object.keys(standard));
  const numbers = (Object.entries(standard) as [Name, number][]).map(([name, usual]) => {
    const value = (options[name] ?? usual) as number;
    requireFinite(`reset option ${name}`, value);
    return [name, value] as const;
  });
  return Object.fromEntries(numbers) as Record<Name, number>;
}
