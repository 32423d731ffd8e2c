import { z } from 'zod';
import { coreOptions, coreSettings, type CoreSettings, mnistLayers } from '../settings/core-settings.ts';
import { setting } from '../settings/setting.ts';
import type { LengthOptions } from './length-experiment.ts';
import { readSizes, sizes, trainingSettings } from './settings.ts';

interface LengthDefaults {
  /** What a length is of, in words. */
  readonly trainText: string;
  readonly testText: string;
  /** Shortest and longest sequences that can be learned from. */
  readonly range: readonly [number, number];
  /** Where the lengths come from, and the rest, if it is from there too. */
  readonly source: string;
  readonly rest?: string;
}

const longest = 100_000;

/** The table of a task that is learned at one length and tested at others. @param own settings of its own */
export function lengthSettings<Own extends z.ZodRawShape>(defaults: LengthDefaults, own: Own) {
  const { trainText, testText, range, source, rest } = defaults;
  const { core, ...network } = coreSettings({
    core: 'rim',
    ...{ modules: 6, units: 100, active: 4, hidden: 600, layers: mnistLayers.layers, commKey: 16, commValue: 16 },
    ...{ dropout: 0, sources: { sizes: rest, layers: mnistLayers.source } },
  });
  return z.strictObject({
    core,
    ...trainingSettings({
      ...{ updates: 10_000, batch: 64, learningRate: 1e-3, maxGradNorm: 1, evaluateEvery: 250, patience: 12 },
      sources: { batch: rest, learningRate: rest, maxGradNorm: rest },
    }),
    trainLength: setting(z.number().int().min(range[0]).max(range[1]).default(50), {
      group: 'task',
      text: trainText,
      source,
    }),
    testLengths: sizes('200', { group: 'task', text: testText, source }),
    ...own,
    ...network,
  });
}

/**
 * @param shortest sequences that can be made
 * @throws UserError if the lengths cannot be read
 */
export function lengthOptions(
  given: CoreSettings & { readonly trainLength: number; readonly testLengths: string; readonly batch: number },
  shortest: number,
): LengthOptions {
  const { trainLength, batch } = given;
  const testLengths = readSizes('testLengths', given.testLengths, shortest, longest);
  return { core: coreOptions(given), trainLength, testLengths, batch };
}
