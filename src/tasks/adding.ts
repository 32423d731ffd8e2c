import { lengthOptions, lengthSettings } from './length-settings.ts';
import type { Task } from './task.ts';

const settings = lengthSettings(
  {
    trainText: 'steps of the sequences that are learned from',
    testText: 'steps of the sequences on which it is tested',
    range: [2, 100_000],
    source: 'Goyal et al. 2019, adding',
  },
  {},
);

export const adding: Task = {
  name: 'adding',
  summary: 'add two marked numbers out of many; learn short sequences, be tested on long ones',
  settings,
  async open(given, kernels) {
    const { addingExperiment } = await import('./adding-experiment.ts');
    return addingExperiment(lengthOptions(settings.parse(given), 2), kernels);
  },
};
