import { z } from 'zod';
import { coreOptions, coreSettings } from '../settings/core-settings.ts';
import { count, fraction, setting } from '../settings/setting.ts';
import { loadText } from './data/text.ts';
import { readSizes, sizes, trainingSettings } from './settings.ts';
import type { Task } from './task.ts';

const tried = 'tried on Moby Dick';
const grave = 'Grave et al. 2017';

// Sizes of rim, brim and lstm at which their networks have equal numbers of parameters.
const { core, ...network } = coreSettings({
  core: 'rim',
  ...{ modules: 6, units: 50, active: 4, hidden: 248, layers: '6x32:4,6x32:4', commKey: 16, commValue: 16 },
  ...{ dropout: 0, sources: { sizes: tried, layers: tried, dropout: tried } },
});

const settings = z.strictObject({
  core,
  ...trainingSettings({
    ...{ batch: 32, learningRate: 2e-3, maxGradNorm: 1, patience: 5, plateauDecay: 0.5 },
    sources: { learningRate: tried },
  }),
  epochs: setting(count(30, 100_000), { group: 'run', text: 'passes over the training text, at most' }),
  data: setting(z.string().optional(), {
    group: 'run',
    text: 'folder with the word-level files of WikiText-2 or WikiText-103 (Moby Dick, fetched into the cache)',
    placeholder: 'dir',
  }),
  bptt: setting(count(35, 10_000), {
    group: 'task',
    text: 'words of each stream in an update; the states before them are carried over, without gradient',
  }),
  evaluated: setting(z.number().int().min(1).max(1_000_000_000).optional(), {
    group: 'task',
    text:
      'how many words of the validation text, from its first, each evaluation reads (all); ' +
      'the whole is read at the end',
  }),
  embedding: setting(count(200, 8192), {
    group: 'task',
    text: 'width of the vector that stands for a word, and of what the words are predicted from',
  }),
  tied: setting(z.boolean().default(true), {
    group: 'task',
    text: "words are embedded by a table of their own instead of the softmax's",
  }),
  cutoffs: sizes('2000,20000', {
    group: 'task',
    text: 'where clusters of rarer words begin in the vocabulary, by frequency; what it does not reach is left out',
    source: grave,
  }),
  divisor: setting(count(4, 64), {
    group: 'task',
    text: 'the vectors of a cluster are so many times narrower than those of the one before',
    source: grave,
  }),
  outerDropout: setting(fraction(0.5, 0.9), {
    group: 'task',
    text: 'share dropped of the embedded words, and of what the core gives',
  }),
  ...network,
});

export const languageModel: Task = {
  name: 'language-model',
  summary: 'predict each next word of a text; learn one part, be tested on another',
  settings,
  usualData: 'Moby Dick',
  async open(given, kernels) {
    const { LanguageExperiment } = await import('./language-experiment.ts');
    const parsed = settings.parse(given);
    const corpus = await loadText({ path: parsed.data });
    const cutoffs = readSizes('cutoffs', parsed.cutoffs, 1, 10_000_000).filter(
      (cutoff) => cutoff < corpus.words.length,
    );
    return new LanguageExperiment({ ...parsed, core: coreOptions(parsed), cutoffs }, corpus, kernels);
  },
};
