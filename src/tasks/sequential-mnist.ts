import { loadMnist } from './data/mnist.ts';
import { imageOptions, imageSettings } from './image-settings.ts';
import type { Task } from './task.ts';

const goyal = 'Goyal et al. 2019, sequential MNIST';
const later = "the RIM authors' later code";

const settings = imageSettings({
  trainSize: 14,
  testSizes: '16,19,24',
  validation: 5000,
  data: 'folder with the four original MNIST files, as they are or .gz (fetched into the cache)',
  sources: {
    ...{ images: goyal, maxGradNorm: goyal, epochs: goyal, outerDropout: goyal },
    ...{ core: later, learningRate: later },
  },
});

export const sequentialMnist: Task = {
  name: 'sequential-mnist',
  summary: 'tell digits by their pixels, one after the other; learn small images, be tested on larger ones',
  settings,
  usualData: 'MNIST, 60,000 + 10,000 images',
  async open(given, kernels) {
    const { ImageExperiment } = await import('./image-experiment.ts');
    const parsed = settings.parse(given);
    const data = { name: 'MNIST', ...(await loadMnist({ path: parsed.data })) };
    return new ImageExperiment(imageOptions(parsed, 2), data, kernels);
  },
};
