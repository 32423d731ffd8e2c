import { grouped } from '../../text/words.ts';
import type { Column, PaperRow, PaperTable, Settings } from '../paper-table.ts';

const goyal = 'Goyal et al. 2019';

const sixOfHundred: Settings = { core: 'rim', modules: 6, units: 100, communication: true, inputAttention: true };

const copyingColumns: readonly Column[] = [
  { name: 'T = 50', set: 'test-50', metric: 'lastTen' },
  { name: 'T = 200', set: 'test-200', metric: 'lastTen' },
];

/** A row of the copying tables: of T = 50 nothing is taken over. */
function copyingRow(name: string, settings: Settings | undefined, published: number, digits = 2): PaperRow {
  return { name, ...(settings && { settings }), published: { cells: [null, published], source: goyal, digits } };
}

const copyingTable = {
  task: 'copying',
  figures: 'cross-entropy of the last ten symbols, in nats',
  columns: copyingColumns,
  selections: [{ label: '', name: 'validation' }],
  settings: { trainLength: 50 },
} as const;

const chance = 'Learned on T = 50. Guessing costs ln 8 = 2.079; more than that means to be sure of wrong symbols.';

export const copyingTables: readonly PaperTable[] = [
  {
    ...copyingTable,
    name: 'copying',
    title: 'Copying',
    rows: [
      ...[4, 3, 2].map((active) => copyingRow(`RIM 6 × 100, ${active} active`, { ...sixOfHundred, active }, 0)),
      ...[[300, 4.32] as const, [600, 3.56] as const].map(([hidden, figure]) =>
        copyingRow(`LSTM ${hidden}`, { core: 'lstm', hidden }, figure),
      ),
      copyingRow('NTM', undefined, 2.54),
      copyingRow('RMC', undefined, 0.13),
      copyingRow('Transformer', undefined, 0.54),
    ],
    notes: [chance, 'Ours are chosen by other sequences at T = 50, and tested on those of the table once, at the end.'],
  },
  {
    ...copyingTable,
    name: 'copying-ablations',
    title: 'Copying, what a RIM loses without its parts',
    rows: [
      copyingRow('RIM 6 × 100, 4 active', { ...sixOfHundred, active: 4 }, 0),
      copyingRow('all 6 active, no input attention', { ...sixOfHundred, active: 6, inputAttention: false }, 0.7, 1),
      copyingRow('4 active, no communication', { ...sixOfHundred, active: 4, communication: false }, 5, 1),
    ],
    notes: [chance],
  },
];

/** Learned on sequences of one length, tested on those of another. */
function addingTable(train: number, test: number): PaperTable {
  return {
    name: `adding-${train}`,
    task: 'adding',
    title: `Adding, ${grouped(train)} steps learned and ${grouped(test)} tested`,
    figures: 'mean squared error of the sum',
    columns: [
      { name: `${grouped(train)} steps`, set: `test-${train}`, metric: 'squaredError' },
      { name: `${grouped(test)} steps`, set: `test-${test}`, metric: 'squaredError' },
    ],
    selections: [{ label: '', name: 'validation' }],
    settings: { trainLength: train },
    asks: { testLengths: `${test}` },
    rows: [
      {
        name: 'RIM 6 × 100, 4 active',
        settings: { ...sixOfHundred, active: 4 },
        published: { cells: [null, 0], source: goyal, digits: 1 },
      },
      { name: 'LSTM 600', settings: { core: 'lstm', hidden: 600 } },
    ],
    notes: ['Always saying 1, the mean of the sum, costs 1/6 = 0.167.'],
  };
}

export const addingTables: readonly PaperTable[] = [addingTable(50, 200), addingTable(500, 1000)];
