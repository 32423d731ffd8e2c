import { count, setting } from '../settings/setting.ts';
import { lengthOptions, lengthSettings } from './length-settings.ts';
import type { Task } from './task.ts';

const goyal = 'Goyal et al. 2019, copying';

const settings = lengthSettings(
  {
    trainText: 'T of the sequences that are learned from: T - 1 blank steps lie between symbols and marker',
    testText: 'T of the sequences on which it is tested',
    range: [1, 10_000],
    ...{ source: goyal, rest: goyal },
  },
  { embedding: setting(count(100, 8192), { group: 'task', text: 'width of the vector that stands for a symbol' }) },
);

export const copying: Task = {
  name: 'copying',
  summary: 'remember ten symbols over many blank steps; learn short gaps, be tested on long ones',
  settings,
  async open(given, kernels) {
    const { copyingExperiment } = await import('./copying-experiment.ts');
    const parsed = settings.parse(given);
    return copyingExperiment({ ...lengthOptions(parsed, 1), embedding: parsed.embedding }, kernels);
  },
};
