// The examples of pages that show how environments and layers are used type-check.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));

/** A page's blocks of TypeScript as one program in the root folder, each in the scope of those before it. */
function program(page: string): string {
  const text = readFileSync(join(root, 'docs', page), 'utf8');
  const blocks = [...text.matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, code]) => code ?? '');
  assert.ok(blocks.length > 0, `${page} has no example`);
  const line = /^import .*;(?: \/\/.*)?$/gm;
  const imports = new Set(blocks.flatMap((code) => code.match(line) ?? []));
  const bodies = blocks.map((code) => code.replace(line, ''));
  const opaque = 'declare const policy: any;'; // whatever chooses actions
  return [...imports, opaque, bodies.join('\n{\n'), '}'.repeat(blocks.length - 1)].join('\n');
}

test('the examples of docs/environments.md, vector-environments.md, layers.md and bundle.md type-check', () => {
  const pages = ['environments.md', 'vector-environments.md', 'layers.md', 'bundle.md'];
  const sources = new Map(pages.map((page) => [join(root, `${page}.ts`), program(page)]));
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => readFileSync(path, 'utf8')) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  options.noUnusedLocals = false;
  options.noEmit = true;
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (path) => sources.has(path) || disk.fileExists(path),
    getSourceFile(path, version) {
      const source = sources.get(path);
      return source === undefined ? disk.getSourceFile(path, version) : ts.createSourceFile(path, source, version);
    },
  };
  const compiled = ts.createProgram([...sources.keys()], options, host);
  const found = [...sources.keys()].flatMap((path) => {
    const file = compiled.getSourceFile(path);
    return [...compiled.getSyntacticDiagnostics(file), ...compiled.getSemanticDiagnostics(file)];
  });
  assert.equal(ts.formatDiagnostics(found, { ...host, getCanonicalFileName: (path) => path }), '');
});
