import type { PaperRow, PaperTable, Settings } from '../paper-table.ts';

const goyal = 'Goyal et al. 2019';
const mittal = 'Mittal et al. 2020';

const allParts: Settings = { communication: true, inputAttention: true };
const brim: Settings = { core: 'brim', layers: '6x50:4,3x100:2', ...allParts };

/** A task that learns images of one size and is tested on others: accuracies for each size, by either selection. */
function imageTable(
  { task, title, trainSize, sizes }: { task: string; title: string; trainSize: number; sizes: readonly number[] },
  rows: readonly PaperRow[],
  notes: readonly string[] = [],
): PaperTable {
  const all = [trainSize, ...sizes];
  return {
    ...{ name: task, task, title, rows, settings: { trainSize } },
    figures: 'accuracy on the test images, in percent',
    columns: all.map((size) => ({
      ...{ name: `${size} × ${size}`, set: `test-${size}`, metric: 'accuracy' },
      ...{ scale: 100, digits: 1 },
    })),
    selections: [
      { label: '', name: 'validation' },
      { label: "the paper's selection", name: [undefined, ...sizes.map((size) => `paper-${size}`)] },
    ],
    notes: [
      `Learned on ${trainSize} × ${trainSize}. Ours are chosen by validation images of that size; the paper's ` +
        'selection takes, for each test size, validation images of that very size.',
      ...notes,
    ],
  };
}

/** Published figures have none for the size that is learned. */
function published(cells: readonly number[], source: string, unverified = false): Pick<PaperRow, 'published'> {
  return { published: { cells: [null, ...cells], digits: 1, source, ...(unverified && { unverified }) } };
}

export const imageTables: readonly PaperTable[] = [
  imageTable(
    { task: 'sequential-mnist', title: 'Sequential MNIST', trainSize: 14, sizes: [16, 19, 24] },
    [
      {
        name: 'RIM 6 × 100, 4 active',
        settings: { core: 'rim', modules: 6, units: 100, active: 4, ...allParts },
        ...published([90.0, 73.4, 38.1], goyal),
      },
      {
        name: "RIM 5 × 102, 3 active (the authors' later setting)",
        settings: { core: 'rim', modules: 5, units: 102, active: 3, ...allParts },
      },
      { name: 'LSTM 300', settings: { core: 'lstm', hidden: 300 } },
      {
        name: 'LSTM 600',
        settings: { core: 'lstm', hidden: 600 },
        ...published([84.5, 52.2, 21.9], goyal),
      },
      {
        name: 'BRIM 6 × 50, 4 active; 3 × 100, 2 active',
        settings: brim,
        ...published([88.6, 74.2, 51.4], mittal, true),
      },
    ],
    ['Goyal et al. train for 100 epochs.'],
  ),
  imageTable(
    { task: 'sequential-cifar', title: 'Sequential CIFAR-10', trainSize: 16, sizes: [19, 24, 32] },
    [
      {
        name: 'BRIM',
        settings: brim,
        ...published([60.1, 57.7, 52.2], mittal, true),
      },
      {
        name: 'LSTM',
        settings: { core: 'lstm', hidden: 600 },
        ...published([54.4, 44.0, 32.2], mittal, true),
      },
      {
        name: 'RIM 5 × 102, 3 active',
        settings: { core: 'rim', modules: 5, units: 102, active: 3, ...allParts },
      },
    ],
    ['The sizes of the published networks are not known to us; ours are those for sequential MNIST.'],
  ),
];
