import type { PaperRow, PaperTable, Settings } from '../paper-table.ts';

const mittal = 'Mittal et al. 2020';

/** A text on which language models are compared. */
function textTable(
  { name, text, corpus, asks }: { name: string; text: string; corpus: string; asks: Settings },
  published: Readonly<Record<string, PaperRow['published']>>,
  notes: readonly string[],
): PaperTable {
  return {
    ...{ name, task: 'language-model', title: `Language model, ${text}`, settings: { data: corpus }, asks, notes },
    figures: 'perplexity of a word',
    columns: ['validation', 'test'].map((set) => ({ name: set, set, metric: 'perplexity', digits: 1 })),
    selections: [{ label: '', name: 'validation' }],
    rows: ['rim', 'brim', 'lstm'].map((core) => {
      const figures = published[core];
      return { name: core.toUpperCase(), settings: { core }, ...(figures && { published: figures }) };
    }),
  };
}

export const textTables: readonly PaperTable[] = [
  textTable(
    {
      ...{ name: 'wikitext-103', text: 'WikiText-103', corpus: 'WikiText-103' },
      asks: { data: 'wikitext-103' },
    },
    {
      brim: { cells: [null, 36.8], digits: 1, source: mittal, unverified: true },
      lstm: { cells: [null, 41.8], digits: 1, source: mittal, unverified: true },
    },
    [],
  ),
  textTable(
    {
      ...{ name: 'wikitext-2', text: 'WikiText-2', corpus: 'WikiText-2' },
      asks: { data: 'wikitext-2' },
    },
    { rim: { cells: [null, '99 to 102'], digits: 0, source: "the RIM authors' code" } },
    [],
  ),
  textTable(
    { name: 'shipped-text', text: 'the shipped text (Moby Dick)', corpus: 'Moby Dick', asks: { data: undefined } },
    {},
    ['No paper has this text: the arms are compared with each other, at equal numbers of parameters.'],
  ),
];
