import { loadMnist } from './data/mnist.ts';
import { ImageExperiment } from './image-experiment.ts';
import { imageOptions, imageSettings } from './image-settings.ts';
import type { Task } from './task.ts';

const settings = imageSettings({
  trainSize: 14,
  testSizes: '16,19,24',
  validation: 5000,
  data: 'folder with the four original MNIST files, as they are or .gz (fetched into the cache)',
  source: 'Goyal et al. 2019, sequential MNIST',
});

export const sequentialMnist: Task = {
  name: 'sequential-mnist',
  summary: 'tell digits by their pixels, one after the other; learn small images, be tested on larger ones',
  settings,
  async open(given, kernels) {
    const parsed = settings.parse(given);
    const data = { name: 'MNIST', ...(await loadMnist({ path: parsed.data })) };
    return new ImageExperiment(imageOptions(parsed, 2), data, kernels);
  },
};
