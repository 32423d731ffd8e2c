// What simple counts make of Moby Dick, to compare language models with: node setup/run.mjs test/bench/ngrams.ts
import { loadText } from '../../src/tasks/data/text.ts';
import { type Corpus, endOfLine } from '../../src/tasks/data/vocabulary.ts';

type Part = 'valid' | 'test';
/** Log-probability of the word at a place of a text that is preceded by two ends of lines. */
type Model = (text: Int32Array, at: number) => number;

/** Share of the training text. */
function frequencies({ counts, train }: Corpus): Model {
  return (text, at) => Math.log((counts[text[at] as number] as number) / train.length);
}

/** Times that words follow a context. */
interface Followers {
  readonly counts: Map<number, number>;
  total: number;
}

const discount = 0.75;

/** Interpolated Kneser-Ney of three words with one discount (Chen and Goodman 1999, section 2.7). */
function kneserNey({ train, words }: Corpus, before: number): Model {
  const size = words.length;
  const [three, two, one] = [new Map<number, Followers>(), new Map<number, Followers>(), new Map<number, Followers>()];
  /** @returns whether the word is new after the context */
  const add = (order: Map<number, Followers>, context: number, word: number): boolean => {
    const followers = order.get(context) ?? { counts: new Map<number, number>(), total: 0 };
    order.set(context, followers);
    const known = followers.counts.get(word) ?? 0;
    followers.counts.set(word, known + 1);
    followers.total++;
    return known === 0;
  };
  // Lower orders count in how many contexts a word is, not how often.
  for (let i = 0, u = before, v = before; i < train.length; i++) {
    const word = train[i] as number;
    if (add(three, u * size + v, word) && add(two, v, word)) add(one, 0, word);
    [u, v] = [v, word];
  }
  const smoothed = (followers: Followers | undefined, word: number, lower: number): number => {
    if (!followers) return lower;
    const own = Math.max((followers.counts.get(word) ?? 0) - discount, 0);
    return (own + discount * followers.counts.size * lower) / followers.total;
  };
  return (text, at) => {
    const [u, v, word] = [text[at - 2] as number, text[at - 1] as number, text[at] as number];
    const single = smoothed(one.get(0), word, 1 / size);
    return Math.log(smoothed(three.get(u * size + v), word, smoothed(two.get(v), word, single)));
  };
}

const corpus = await loadText();
const end = corpus.words.indexOf(endOfLine);
const models = { 'frequency of each word': frequencies(corpus), 'Kneser-Ney, three words': kneserNey(corpus, end) };
for (const [name, model] of Object.entries(models)) {
  const perplexity = (part: Part): string => {
    const text = Int32Array.of(end, end, ...corpus[part]);
    const sum = corpus[part].reduce((sum, _, i) => sum - model(text, i + 2), 0);
    return Math.exp(sum / corpus[part].length).toFixed(1);
  };
  console.log(
    `${name}: perplexity ${perplexity('valid')} of the validation text, ${perplexity('test')} of the test text`,
  );
}
