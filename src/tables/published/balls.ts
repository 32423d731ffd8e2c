import type { PaperTable, Settings } from '../paper-table.ts';

const steps = [1, 5, 15, 35];
const curves = { cells: [...steps.map(() => 'curve'), null], source: 'Goyal et al. 2019', digits: 1 };
const rim: Settings = {
  ...{ core: 'rim', modules: 6, units: 85, active: 4, communication: true, inputAttention: true },
};

/** Rollouts of one kind of video. */
function ballTable(scene: string, words: string): PaperTable {
  return {
    name: `bouncing-balls-${scene}`,
    task: 'bouncing-balls',
    title: `Bouncing balls, rolled out on ${words}`,
    figures: 'cross-entropy of a rolled-out frame, in nats, summed over its pixels; squared error, mean of all 35',
    columns: [
      ...steps.map((step) => ({
        ...{ name: `step ${step}`, set: scene, metric: 'rolloutCrossEntropy', step: step - 1, digits: 1 },
      })),
      { name: 'squared error', set: scene, metric: 'meanRolloutSquaredError', digits: 3 },
    ],
    selections: [{ label: '', name: 'validation' }],
    settings: { trainScene: '4balls', masses: 'equal' },
    rows: [
      { name: 'RIM 6 × 85, 4 active', settings: rim, published: curves },
      ...[250, 512].map((hidden) => ({
        ...{ name: `LSTM ${hidden}`, settings: { core: 'lstm', hidden }, published: curves },
      })),
      {
        name: 'BRIM 6 × 50, 4 active; 3 × 100, 2 active',
        settings: { core: 'brim', layers: '6x50:4,3x100:2', communication: true, inputAttention: true },
      },
    ],
    notes: [
      'Learned on videos of 4 balls; 15 true frames are seen, then 35 are rolled out.',
      'The paper shows curves alone, in which RIMs stay below the LSTMs: npm run figures draws ours.',
    ],
  };
}

export const ballTables: readonly PaperTable[] = [
  ballTable('4balls', '4 balls, as learned'),
  ballTable('678balls', '6 to 8 balls'),
  ballTable('curtain', '3 balls and a curtain'),
];
