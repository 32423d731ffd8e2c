import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import { fetchedFolder } from './cache.ts';
import { unreadable } from './files.ts';
import { paragraphs } from './prose.ts';
import { corpusOf, endOfLine, WordList, WordNumbers, type Corpus } from './vocabulary.ts';

/** A rarer word of the training part is unknown, where the text has no <unk> of its own: WikiText's rule. */
const rarest = 3;
const shares = { train: 0.9, valid: 0.05 };
const mend = 'give the folder of WikiText-2 or WikiText-103 (word level) by --data, or leave it out to take Moby Dick';

const parts = ['train', 'valid', 'test'] as const;
type Part = (typeof parts)[number];

/** Words of the published files, with one <eos> per line (Merity et al. 2016, table 1). */
const published: Readonly<Record<string, Readonly<Record<Part, number>>>> = {
  'WikiText-2': { train: 2_088_628, valid: 217_646, test: 245_569 },
  'WikiText-103': { train: 103_227_021, valid: 217_646, test: 245_569 },
};

/**
 * A text for the language model.
 * @param path folder with wiki.train.tokens, wiki.valid.tokens and wiki.test.tokens, or with those ending in .raw:
 * words between white space, <eos> after every line, as is usual. In the raw files words that come less than 3 times
 * are unknown. Without a path: Moby Dick (see prose.ts), fetched once into the user's cache; the first 90 % are for
 * training, the next 5 % for validation, the last 5 % for the test, cut where a paragraph ends.
 * A file that ends within a line is refused as truncated. One that was cut where a line ends is refused where it has
 * too few words and another has as many as a published one; of raw files, whose words are counted differently, it is
 * not noticed.
 * @throws UserError naming the file, what was expected and what was found
 */
export async function loadText({ path }: { path?: string | undefined } = {}): Promise<Corpus> {
  return path === undefined ? loadMobyDick() : loadWikiText(path);
}

async function loadMobyDick(): Promise<Corpus> {
  const text = await readFile(join(await fetchedFolder('moby-dick'), 'data.txt'), 'utf8');
  const numbers = new WordNumbers();
  const list = new WordList(numbers);
  const ends: number[] = [];
  for (const words of paragraphs(text)) {
    for (const word of words) list.add(word);
    list.add(endOfLine);
    ends.push(list.length);
  }
  const cut = (share: number): number => ends.find((end) => end >= share * list.length) as number;
  const [first, second] = [cut(shares.train), cut(shares.train + shares.valid)];
  const all = list.all();
  const cuts = { train: all.subarray(0, first), valid: all.subarray(first, second), test: all.subarray(second) };
  return corpusOf('Moby Dick', numbers, cuts, rarest);
}

async function loadWikiText(folder: string): Promise<Corpus> {
  const ending = existsSync(join(folder, 'wiki.train.raw')) && !existsSync(join(folder, 'wiki.train.tokens'));
  const files = filesOf(folder, ending ? 'raw' : 'tokens');
  const numbers = new WordNumbers();
  const lists = { train: new WordList(numbers), valid: new WordList(numbers), test: new WordList(numbers) };
  for (const part of parts) await readWords(files[part], part, lists[part]);
  const name = ending ? 'WikiText, raw' : requirePublished(files, lists);
  const found = { train: lists.train.all(), valid: lists.valid.all(), test: lists.test.all() };
  const corpus = corpusOf(name, numbers, found, ending ? rarest : 1);
  if (corpus.words.length > 2) return corpus; // besides <eos> and <unk>
  const least = ending ? ` that come at least ${rarest} times` : '';
  throw new UserError(`${files.train} has no words${least}: there is nothing to learn; ${mend}`);
}

function filesOf(folder: string, ending: string): Record<Part, string> {
  const file = (part: Part): string => {
    const path = join(folder, `wiki.${part}.${ending}`);
    if (!existsSync(path)) throw new UserError(`${path} is missing (${expectedWords(part)} words); ${mend}`);
    return path;
  };
  return { train: file('train'), valid: file('valid'), test: file('test') };
}

/** In which Python's str.split cuts a line into words, as those did who published perplexities. */
const whiteSpace = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

/** Pieces of a file: the largest has more characters than a string can hold. Throws UserError if it cannot be read. */
async function* piecesOf(path: string): AsyncGenerator<string> {
  try {
    yield* createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 20 }) as AsyncIterable<string>;
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Adds a file's words to the list. */
async function readWords(path: string, part: Part, list: WordList): Promise<void> {
  let rest = '';
  for await (const piece of piecesOf(path)) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() as string;
    for (const line of lines) {
      for (const word of line.split(whiteSpace)) if (word !== '') list.add(word);
      list.add(endOfLine);
    }
  }
  const found = `it has ${list.length} words, the original ${expectedWords(part)}`;
  if (rest !== '') throw new UserError(`${path} is truncated: it ends within a line; ${found}; ${mend}`);
  if (list.length === 0) throw new UserError(`${path} is empty: ${found}; ${mend}`);
}

/**
 * Files made by hand are taken as they are. But where one has the length of a published one, so must the others.
 * @returns what the text is called
 */
function requirePublished(files: Record<Part, string>, lists: Record<Part, WordList>): string {
  // Copies differ in a few lines.
  const hasLength = (part: Part, words: number): boolean => Math.abs(lists[part].length - words) < 0.01 * words;
  const names = Object.keys(published);
  const lengths = (part: Part): boolean[] => Object.values(published).map((words) => hasLength(part, words[part]));
  const different = parts.find((part) => !lengths(part).includes(true));
  if (different === undefined) return names[lengths('train').indexOf(true)] as string;
  if (!parts.some((part) => lengths(part).includes(true))) return 'text';
  const found = `it has ${lists[different].length} words instead of ${expectedWords(different)}`;
  throw new UserError(`${files[different]} is truncated: ${found}; ${mend}`);
}

/** As a message says it. */
function expectedWords(part: Part): string {
  return [...new Set(Object.values(published).map((words) => words[part]))].join(' or ');
}
