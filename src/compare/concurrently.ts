/**
 * Does work for every item, so many at once, in the items' order.
 * @returns what came of each; undefined for those that were not begun when the signal was aborted
 */
export async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item, index: number) => Promise<Result>,
  signal: AbortSignal,
): Promise<(Result | undefined)[]> {
  const results = items.map((): Result | undefined => undefined);
  const waiting = [...items.entries()];
  const next = async (): Promise<void> => {
    const [index, item] = waiting.shift() ?? [];
    if (index === undefined || signal.aborted) return;
    results[index] = await work(item as Item, index);
    await next();
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, next));
  return results;
}
