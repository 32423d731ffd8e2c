import { loadCifar } from './data/cifar.ts';
import { imageOptions, imageSettings } from './image-settings.ts';
import type { Task } from './task.ts';

const mittal = 'Mittal et al. 2020, sequential CIFAR-10';

const settings = imageSettings({
  trainSize: 16,
  testSizes: '19,24,32',
  validation: 5000,
  data: "folder with CIFAR-10's binary files (cifar-10 in the cache folder)",
  sources: { images: mittal, embedding: mittal },
});

export const sequentialCifar: Task = {
  name: 'sequential-cifar',
  summary:
    'tell what colour images show by their pixels, one after the other; learn small ones, be tested on larger ones',
  settings,
  usualData: 'CIFAR-10, 50,000 + 10,000 images',
  async open(given, kernels) {
    const { ImageExperiment } = await import('./image-experiment.ts');
    const parsed = settings.parse(given);
    const data = { name: 'CIFAR-10', ...(await loadCifar({ path: parsed.data })) };
    return new ImageExperiment(imageOptions(parsed, 256), data, kernels);
  },
};
