import { memoryTasks } from '../../envs/memory/index.ts';

/** A page of the docs with all memory tasks between its marks, as the code has them. */
export function withTasks(page: string): string {
  const figure = (value: number): string => String(Number(value.toPrecision(4)));
  const rows = memoryTasks.map(
    ({ id, name, summary, randomReturn, bestReturn }) =>
      `| \`${name}\` | ${summary} | ${figure(randomReturn)} | ${figure(bestReturn)} | \`${id}\` |`,
  );
  const heading = [
    '| `--game` | what there is to do | random | best; of `GridPickup` an upper bound | in gym-js |',
    '| --- | --- | ---: | ---: | --- |',
  ];
  const table = [...heading, ...rows].join('\n');
  return page.replace(/(<!-- tasks -->\n)[^]*(<!-- \/tasks -->)/, (_, start, end) => `${start}\n${table}\n\n${end}`);
}
