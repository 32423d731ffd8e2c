import { memoryTasks } from '../../envs/memory/index.ts';

/** All memory tasks, as the code has them. */
export function memoryTaskTable(): string {
  const figure = (value: number): string => String(Number(value.toPrecision(4)));
  const rows = memoryTasks.map(
    ({ id, name, summary, randomReturn, bestReturn }) =>
      `| \`${name}\` | ${summary} | ${figure(randomReturn)} | ${figure(bestReturn)} | \`${id}\` |`,
  );
  const heading = [
    '| `--game` | what there is to do | random | best; of `GridPickup` an upper bound | in gym-js |',
    '| --- | --- | ---: | ---: | --- |',
  ];
  return [...heading, ...rows].join('\n');
}
