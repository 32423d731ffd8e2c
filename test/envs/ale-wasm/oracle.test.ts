// Traces of native ale-py: ale.json says itself how its actions are drawn and what is hashed; in those of ale-ends.json
// games end within agent steps.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadAle, type AleModule } from 'ale-wasm';
import { readAleFile } from '../../../src/conformance/ale-file.ts';
import { traceDifference } from '../../../src/conformance/ale-trace.ts';

let module: AleModule;
before(async () => (module = await loadAle()));

for (const name of ['ale.json', 'ale-ends.json']) {
  const traces = readAleFile(fileURLToPath(new URL(`../../oracle/${name}`, import.meta.url)));
  describe(`traces of ${name}: raw ones equal native ALE, preprocessed ones its AtariVectorEnv`, () => {
    for (const trace of traces) {
      test(`${trace.game}, ${trace.kind}, sticky actions ${trace.repeatActionProbability}`, async () => {
        assert.equal(await traceDifference(module, trace), undefined);
      });
    }
  });
}
