/** Stands for a word that the vocabulary does not have. */
const unknownWord = '<unk>';
/** Ends a line or paragraph. */
export const endOfLine = '<eos>';

/** A text cut into words, in three parts. */
export interface Corpus {
  readonly name: string;
  /** The vocabulary, most frequent in the training part first; a word's number is its place here. */
  readonly words: readonly string[];
  /** How often each comes in the training part, (words). */
  readonly counts: Int32Array;
  /** Word after word, as numbers below words.length. */
  readonly train: Int32Array;
  readonly valid: Int32Array;
  readonly test: Int32Array;
}

/** Numbers words as they come, the same word alike in every part of a text. */
export class WordNumbers {
  readonly words: string[] = [];
  readonly #numberOf = new Map<string, number>();

  numberOf(word: string): number {
    const known = this.#numberOf.get(word);
    if (known !== undefined) return known;
    this.#numberOf.set(word, this.words.length);
    return this.words.push(word) - 1;
  }
}

/** A growing list of words of one part. */
export class WordList {
  readonly #numbers: WordNumbers;
  #list = new Int32Array(1 << 12);
  #length = 0;

  constructor(numbers: WordNumbers) {
    this.#numbers = numbers;
  }

  get length(): number {
    return this.#length;
  }

  add(word: string): void {
    if (this.#length === this.#list.length) {
      const larger = new Int32Array(2 * this.#length);
      larger.set(this.#list);
      this.#list = larger;
    }
    this.#list[this.#length++] = this.#numbers.numberOf(word);
  }

  /** The words so far; shares the list's memory. */
  all(): Int32Array {
    return this.#list.subarray(0, this.#length);
  }
}

/**
 * Makes the vocabulary from the training part alone: its words that come at least `minimum` times there, `<eos>`
 * however often it comes, and `<unk>` for all others. Most frequent first, of equal ones that which comes first in the
 * text.
 * @param parts numbered alike; their arrays are overwritten with the vocabulary's numbers
 */
export function corpusOf(
  name: string,
  { words }: WordNumbers,
  parts: Readonly<Record<'train' | 'valid' | 'test', Int32Array>>,
  minimum: number,
): Corpus {
  const found = new Int32Array(words.length);
  for (const number of parts.train) found[number] = (found[number] as number) + 1;
  const kept = words.flatMap((word, number) => {
    const count = found[number] as number;
    const isKept = word === endOfLine || (word !== unknownWord && count >= minimum);
    return isKept ? [{ word, number, count }] : [];
  });
  const known = kept.reduce((sum, { count }) => sum + count, 0);
  const unknown = { word: unknownWord, number: words.indexOf(unknownWord), count: parts.train.length - known };
  const sorted = [...kept, unknown].sort((a, b) => b.count - a.count);
  const newNumber = new Int32Array(words.length).fill(sorted.indexOf(unknown));
  sorted.forEach(({ number }, place) => {
    if (number >= 0) newNumber[number] = place;
  });
  for (const part of Object.values(parts)) part.forEach((number, i) => (part[i] = newNumber[number] as number));
  return {
    name,
    words: sorted.map(({ word }) => word),
    counts: Int32Array.from(sorted, ({ count }) => count),
    ...parts,
  };
}
