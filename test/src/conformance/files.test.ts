import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readAleFile } from '../../../src/conformance/ale-file.ts';
import { readRimFile } from '../../../src/conformance/rim-file.ts';

// What cannot be used is refused in one line that names the entry.

const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
after(() => rmSync(folder, { recursive: true }));

function refuses(read: (path: string) => unknown, name: string, content: unknown, message: RegExp): void {
  test(name, () => {
    const path = join(folder, `${name}.json`);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    assert.throws(
      () => read(path),
      (error: Error) => {
        assert.equal(error.name, 'UserError');
        assert.match(error.message, message);
        assert.ok(error.message.startsWith(path) && !error.message.includes('\n'), error.message);
        return true;
      },
    );
  });
}

const oracle = (name: string): Record<string, Record<string, unknown>[]> =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`../../oracle/${name}`, import.meta.url)), 'utf8')) as never;

const { raw = [], preprocessed = [] } = oracle('ale.json');
const traces = (kind: string, ...change: object[]): object => ({
  [kind]: change.map((one, i) => ({ ...{ raw, preprocessed }[kind]?.[i], ...one })),
});
refuses(readAleFile, 'an empty file', '\n', /is empty/);
refuses(readAleFile, 'half a file', '{"raw": [', /is not JSON \(/);
refuses(readAleFile, 'no traces', {}, /it has no traces, neither raw nor preprocessed/);
refuses(readAleFile, 'a list', [1], /does not have the format of ale\.json: /);
refuses(readAleFile, 'a short mark', traces('raw', {}, { marks: [[1, 2, 3, 4]] }), /: raw\[1\]\.marks\[0\]/);
refuses(readAleFile, 'no seed', traces('raw', { seed: undefined }), /: raw\[0\]\.seed: /);
refuses(readAleFile, 'a probability', traces('raw', { repeatActionProbability: 2 }), /Probability: .*<=1/);
refuses(
  readAleFile,
  'a hash for 120 steps',
  traces('preprocessed', { observationHashes: [1] }),
  /: preprocessed\[0\]: 1 observationHashes where 121 belong to 120 rewards/,
);

const [lstm, , gru] = oracle('rims.json')['rim'] ?? [];
const [brim] = oracle('rims.json')['brim'] ?? [];
const without = (name: string, from: unknown): object => ({ ...(from as object), [name]: undefined });
const changed = (change: object, of = lstm): object => ({ rim: [gru, { ...of, ...change }] });
refuses(readRimFile, 'no cases', { raw }, /it has no cases, neither rim nor brim/);
refuses(
  readRimFile,
  'no gradient of a parameter',
  JSON.stringify(changed({ grads: without('rnnBias', lstm?.['grads']) })),
  /: rim\[1\]\.grads: rnnBias is missing/,
);
refuses(
  readRimFile,
  'no c',
  JSON.stringify(changed({ inputs: without('c0', lstm?.['inputs']) })),
  /: rim\[1\]\.inputs: c0 is missing/,
);
refuses(
  readRimFile,
  'a ragged array',
  changed({ params: { ...(lstm?.['params'] as object), rnnBias: [[1], [1, 2]] } }),
  /: rim\[1\]\.params\.rnnBias: not a rectangular array of finite numbers/,
);
refuses(
  readRimFile,
  'too many active',
  changed({ config: { ...(lstm?.['config'] as object), active: 9 } }),
  /: rim\[1\]\.config: more active modules than there are/,
);
refuses(readRimFile, 'a layer too few', { brim: [{ ...brim, params: [] }] }, /: brim\[0\]: params has 0 entries for 2/);

test('one of both kinds is enough', () => {
  const path = join(folder, 'one.json');
  writeFileSync(path, JSON.stringify({ preprocessed: preprocessed.slice(0, 1) }));
  assert.deepEqual(
    readAleFile(path).map(({ kind, repeatActionProbability }) => [kind, repeatActionProbability]),
    [['preprocessed', 0]],
  );
  writeFileSync(path, JSON.stringify({ brim: [brim] }));
  assert.deepEqual([readRimFile(path).rim.length, readRimFile(path).brim.length], [0, 1]);
});

test('what a variant lacks may be null or left out', () => {
  const path = join(folder, 'null.json');
  const inputs = { ...(gru?.['inputs'] as object), c0: null, keep: null };
  writeFileSync(path, JSON.stringify({ rim: [{ ...gru, inputs }] }));
  const [read] = readRimFile(path).rim;
  assert.ok(read && !('c0' in read.inputs) && !('keep' in read.inputs));
});
