import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { paragraphs } from '../../../../src/tasks/data/prose.ts';
import { TextStreams } from '../../../../src/tasks/data/streams.ts';
import { loadText } from '../../../../src/tasks/data/text.ts';
import { corpusOf, WordList, WordNumbers, type Corpus } from '../../../../src/tasks/data/vocabulary.ts';

function folderWith(t: TestContext, files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'rim-agents-text-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

function written({ words }: Corpus, part: Int32Array): string {
  return Array.from(part, (number) => words[number]).join(' ');
}

test('cuts prose into paragraphs of lower-case words; punctuation and what follows an apostrophe are words', () => {
  assert.deepEqual(paragraphs("CHAPTER 1. Loomings.\n\nCall me Ishmael—don’t\nask; “why-not?”\n \n\nDON'T! ‘tis\n"), [
    ['chapter', '1', '.', 'loomings', '.'],
    ['call', 'me', 'ishmael', '—', 'don', "'t", 'ask', ';', '“', 'why', '-', 'not', '?', '”'],
    ['don', "'t", '!', '‘', 'tis'],
  ]);
});

test('the vocabulary is of the training part alone, most frequent first, rare words unknown', () => {
  const numbers = new WordNumbers();
  const part = (text: string): Int32Array => {
    const list = new WordList(numbers);
    for (const word of text.split(' ')) list.add(word);
    return list.all();
  };
  const parts = { valid: part('new b b b b b'), train: part('a b c a b d a e'), test: part('d c new a') };
  const corpus = corpusOf('letters', numbers, parts, 2);
  assert.deepEqual(corpus.words, ['a', '<unk>', 'b']); // <unk> stands for c, d, e
  assert.deepEqual([...corpus.counts], [3, 3, 2]);
  assert.equal(written(corpus, corpus.train), 'a b <unk> a b <unk> a <unk>');
  assert.equal(written(corpus, corpus.valid), '<unk> b b b b b');
  assert.equal(written(corpus, corpus.test), '<unk> <unk> <unk> a');
});

const small = {
  'wiki.train.tokens': ' \n = Title = \n \n The <unk> of the the @-@ end . \n',
  'wiki.valid.tokens': ' the end of times \n',
  'wiki.test.tokens': 'The title\u3000end\n',
};

test('reads WikiText files: every line ends in <eos>, <unk> stays, case too', async (t) => {
  const corpus = await loadText({ path: folderWith(t, small) });
  assert.equal(corpus.name, 'text');
  assert.equal(written(corpus, corpus.train), '<eos> = Title = <eos> <eos> The <unk> of the the @-@ end . <eos>');
  assert.deepEqual(corpus.words.slice(0, 3), ['<eos>', '=', 'the']);
  assert.equal(written(corpus, corpus.valid), 'the end of <unk> <eos>');
  assert.equal(written(corpus, corpus.test), 'The <unk> end <eos>');
});

test('in the raw files words that come less than 3 times are unknown', async (t) => {
  const files = { 'wiki.train.raw': 'a b a b a b c c\n\n\n', 'wiki.valid.raw': 'c a\n', 'wiki.test.raw': 'x b\n' };
  const corpus = await loadText({ path: folderWith(t, files) });
  assert.deepEqual(corpus.words, ['a', 'b', '<eos>', '<unk>']);
  assert.equal(written(corpus, corpus.test), '<unk> b <eos>');
});

test('<eos> is a word of the vocabulary however seldom it comes', async (t) => {
  const files = { 'wiki.train.raw': 'a b a b a b\n', 'wiki.valid.raw': 'b\n', 'wiki.test.raw': 'a\n' };
  const corpus = await loadText({ path: folderWith(t, files) });
  assert.deepEqual(corpus.words, ['a', 'b', '<eos>', '<unk>']);
  assert.equal(written(corpus, corpus.valid), 'b <eos>');
});

test('a text without words to learn is refused in one line', async (t) => {
  const raw = { 'wiki.train.raw': 'a b c a b c\n', 'wiki.valid.raw': 'b\n', 'wiki.test.raw': 'a\n' };
  await assert.rejects(loadText({ path: folderWith(t, raw) }), {
    name: 'UserError',
    message: /wiki\.train\.raw has no words that come at least 3 times: there is nothing to learn; give the folder/,
  });
  await assert.rejects(loadText({ path: folderWith(t, { ...small, 'wiki.train.tokens': '\n\n' }) }), {
    name: 'UserError',
    message: /wiki\.train\.tokens has no words: there is nothing to learn; give the folder/,
  });
});

test('a word of more than one byte is whole where a chunk of the file ends', async (t) => {
  const line = `${'é'.repeat(9)} `.repeat(70_000);
  const corpus = await loadText({ path: folderWith(t, { ...small, 'wiki.train.tokens': `x${line}\n` }) });
  assert.deepEqual(corpus.words, ['é'.repeat(9), `x${'é'.repeat(9)}`, '<eos>', '<unk>']);
});

test("cuts words apart where Python's str.split does", async (t) => {
  const script = `
points = [c for c in range(0x11000) if not 0xD800 <= c < 0xE000]
print(*[c for c in points if len(f"a{chr(c)}b".split()) == 2])`;
  const points = execFileSync('python3', ['-c', script], { encoding: 'utf8' }).trim().split(' ').map(Number);
  const all = Array.from({ length: 0x11000 }, (_, c) => c).filter((c) => c !== 10 && (c < 0xd800 || c >= 0xe000));
  const lines = all.map((c) => `a${String.fromCodePoint(c)}b\n`).join('');
  const { train, words } = await loadText({ path: folderWith(t, { ...small, 'wiki.train.tokens': lines }) });
  const [a, end] = [words.indexOf('a'), words.indexOf('<eos>')];
  const cut: number[] = [];
  let line = 0;
  for (const number of train) {
    if (number === a) cut.push(all[line] as number);
    if (number === end) line++;
  }
  assert.deepEqual(
    cut,
    points.filter((c) => c !== 10),
  );
});

test('says of a missing or damaged file which one, what was expected and what was found', async (t) => {
  const valid = 'a '.repeat(217_645) + '\n';
  const cases: [Record<string, string | undefined>, RegExp][] = [
    [
      { 'wiki.valid.tokens': undefined },
      /wiki.valid.tokens is missing \(217646 words\); give the folder of WikiText-2/,
    ],
    [{ 'wiki.train.tokens': undefined }, /wiki.train.tokens is missing \(2088628 or 103227021 words\); give/],
    [
      { 'wiki.test.tokens': 'a b c\nd e' },
      /wiki.test.tokens is truncated: it ends within a line; it has 4 words, the original 245569; give/,
    ],
    [{ 'wiki.train.tokens': '' }, /wiki.train.tokens is empty: it has 0 words, the original 2088628 or 103227021;/],
    [
      { 'wiki.valid.tokens': valid },
      /wiki.train.tokens is truncated: it has 15 words instead of 2088628 or 103227021; give/,
    ],
  ];
  for (const [changed, message] of cases) {
    const files = Object.entries({ ...small, ...changed }).filter(([, content]) => content !== undefined);
    const path = folderWith(t, Object.fromEntries(files) as Record<string, string>);
    await assert.rejects(loadText({ path }), { name: 'UserError', message });
  }
});

test("a folder in a file's place is refused in a line", async (t) => {
  const path = folderWith(t, small);
  rmSync(join(path, 'wiki.valid.tokens'));
  mkdirSync(join(path, 'wiki.valid.tokens'));
  await assert.rejects(loadText({ path }), {
    name: 'UserError',
    message: /wiki\.valid\.tokens cannot be read: EISDIR.*; make it a readable file$/,
  });
});

// Needs the network once.
test('without a path the text is Moby Dick, cut by position', async () => {
  const corpus = await loadText();
  const { words, counts, train, valid, test } = corpus;
  const all = train.length + valid.length + test.length;
  assert.match(
    written(corpus, train.subarray(0, 12)),
    /^chapter <unk> \. <unk> \. <eos> call me ishmael \. some years/,
  );
  assert.match(written(corpus, test), /rolled on as it rolled five thousand years ago \. <eos>$/);
  for (const part of [train, valid, test]) assert.equal(words[part.at(-1) as number], '<eos>');
  assert.ok(Math.abs(train.length / all - 0.9) < 0.002 && Math.abs(valid.length / all - 0.05) < 0.002);
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    train.length,
  );
  assert.deepEqual(Int32Array.from(counts).sort().reverse(), counts);
  assert.deepEqual(words.slice(0, 4), [',', '<unk>', 'the', '.']);
});

test('streams side by side hold the text in order, and targets are the next words', () => {
  const streams = new TextStreams(
    Int32Array.from({ length: 23 }, (_, i) => i),
    3,
  );
  assert.deepEqual([streams.length, streams.predictions], [7, 6]);
  const first = streams.segment(0, 4);
  assert.deepEqual([...first.inputs], [0, 7, 14, 1, 8, 15, 2, 9, 16, 3, 10, 17]);
  assert.deepEqual(
    [...first.targets],
    [...first.inputs].map((word) => word + 1),
  );
  const last = streams.segment(4, 4);
  assert.deepEqual([last.steps, [...last.targets]], [2, [5, 12, 19, 6, 13, 20]]);
  assert.equal(streams.segment(6, 4).steps, 0);
});
