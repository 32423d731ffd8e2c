import { z } from 'zod';
import { authors, coreOptions, coreSettings, mnistLayers } from '../settings/core-settings.ts';
import { count, fraction, setting } from '../settings/setting.ts';
import type { ImageOptions } from './image-experiment.ts';
import { readSizes, sizes, trainingSettings } from './settings.ts';

interface ImageDefaults {
  readonly trainSize: number;
  readonly testSizes: string;
  /** Training images of the original set that are held back. */
  readonly validation: number;
  /** The setting `data`, in words. */
  readonly data: string;
  /** Where they come from; what has no source is ours. */
  readonly sources: { readonly images: string } & Partial<
    Readonly<Record<'core' | 'learningRate' | 'maxGradNorm' | 'epochs' | 'embedding' | 'outerDropout', string>>
  >;
}

const longest = 256;

/** The table of a task that reads images pixel by pixel. */
export function imageSettings({ trainSize, testSizes, validation, data, sources }: ImageDefaults) {
  const { core, ...network } = coreSettings({
    core: 'rim',
    ...{ modules: 5, units: 102, active: 3, hidden: 600, layers: mnistLayers.layers, commKey: 32, commValue: 32 },
    ...{ dropout: 0.1 },
    sources: { sizes: sources.core, layers: mnistLayers.source, dropout: authors },
  });
  const group = 'task';
  return z.strictObject({
    core,
    ...trainingSettings({ batch: 64, learningRate: 1e-3, maxGradNorm: 1, patience: 10, sources }),
    epochs: setting(count(100, 100_000), {
      group: 'run',
      text: 'passes over the training images, at most',
      source: sources.epochs,
    }),
    data: setting(z.string().optional(), { group: 'run', text: data, placeholder: 'dir' }),
    trainSize: setting(count(trainSize, longest), {
      group,
      text: 'side of the images that are learned from',
      source: sources.images,
    }),
    testSizes: sizes(testSizes, { group, text: 'sides of the images on which it is tested', source: sources.images }),
    validation: setting(count(validation), { group, text: 'training images held back for validation, the last ones' }),
    evaluated: setting(count(1000), {
      group,
      text: 'how many images of --validation each evaluation is of at most, the first ones',
    }),
    tested: setting(count(10_000), { group, text: 'test images of each size at the end, at most, the first ones' }),
    embedding: setting(count(100, 8192), {
      group,
      text: 'width of the vector that stands for a token',
      source: sources.embedding,
    }),
    outerDropout: setting(fraction(0.5, 0.9), {
      group,
      text: 'share dropped of the embedded tokens, and of what the decoder reads',
      source: sources.outerDropout,
    }),
    ...network,
  });
}

/**
 * @param levels of brightness
 * @throws UserError if the sizes cannot be read
 */
export function imageOptions(given: z.infer<ReturnType<typeof imageSettings>>, levels: number): ImageOptions {
  return { ...given, core: coreOptions(given), levels, testSizes: readSizes('testSizes', given.testSizes, 1, longest) };
}
