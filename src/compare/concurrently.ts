/**
 * Does work for every item, so many at once, in the items' order. Once one fails no other begins, and those that are
 * under way are awaited: nothing goes on behind the failure.
 * @returns what came of each; undefined for those that were not begun when the signal was aborted
 * @throws the first failure
 */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item, index: number) => Promise<Result>,
  signal: AbortSignal,
): Promise<(Result | undefined)[]> {
  const results = items.map((): Result | undefined => undefined);
  const failures: unknown[] = [];
  const waiting = items.entries(); // shared: whoever is free takes the next
  const takeTurns = async (): Promise<void> => {
    for (const [index, item] of waiting) {
      if (signal.aborted || failures.length > 0) return;
      try {
        results[index] = await work(item, index);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, takeTurns));
  if (failures.length > 0) throw failures[0];
  return results;
}
