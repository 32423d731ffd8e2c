/**
 * Compiles the binding between Node and TensorFlow: the sources of @tensorflow/tfjs-node-gpu together with our own
 * operations, linked against the libraries of TensorFlow's wheel. Plain Node, so that the set-up can run it.
 *
 *   *_op.cc    sees TensorFlow's headers; the processor family's baseline instructions
 *   *_core.cc  sees no TensorFlow header; compiled once per instruction set with -DISA=<name>, chosen at run time
 *   other .cc  sees no TensorFlow header; baseline instructions
 *
 * While working on the C++, to recompile only what changed:
 *   node agents/kernels/native/build.mjs --dev [--tensorflow DIR]
 * To build one that watches every read and write of ours, beside it (test/agents/kernels/sanitized.ts runs it):
 *   node agents/kernels/native/build.mjs --sanitize [--tensorflow DIR]
 */
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const nativeDir = dirname(fileURLToPath(import.meta.url));

/** The Node-API level the binding is compiled for; tfjs-node looks for it in lib/napi-v8. */
export const napiVersion = 8;

const avx512Flags = ['-mavx512f', '-mavx512bw', '-mavx512vl', '-mavx512dq', '-mavx2', '-mfma'];

/**
 * Instruction sets every *_core.cc is compiled for, by Node's name of the processor family; name: for -DISA. One with
 * `define` is left out where the compiler does not know its flags, and that macro tells our sources that it is there.
 */
export const instructionSets = {
  x64: [
    { name: 'baseline', flags: [] },
    { name: 'avx2', flags: ['-mavx2', '-mfma'] },
    { name: 'avx512', flags: avx512Flags },
    { name: 'avx512bf16', flags: [...avx512Flags, '-mavx512bf16'], define: '-DRIM_AGENTS_HAS_AVX512BF16' },
  ],
  arm64: [{ name: 'baseline', flags: [] }],
};

const commonFlags = ['-std=c++17', '-fPIC'];
const coreFlags = ['-O3', '-fno-math-errno', '-Wall', '-Wextra'];
const opFlags = ['-O2', '-w', '-D_GLIBCXX_USE_CXX11_ABI=1', '-DEIGEN_MAX_ALIGN_BYTES=64'];
const sanitizeFlags = [
  '-O1',
  '-fsanitize=address,undefined',
  '-fno-omit-frame-pointer',
  '-g1',
  '-DRIM_AGENTS_SANITIZED',
];
// TensorFlow is built without type information; its headers have constants that GCC cannot compute when it looks for
// null pointers, and would lay out Abseil's tables in another way than the library does if they saw AddressSanitizer.
const sanitizeOpFlags = [
  ...sanitizeFlags,
  '-fno-sanitize=vptr,null,nonnull-attribute,returns-nonnull-attribute',
  '-U__SANITIZE_ADDRESS__',
];
const bindingFlags = ['-O2', '-w', `-DNAPI_VERSION=${napiVersion}`, '-DBUILDING_NODE_EXTENSION'];

/** Our files that determine the binding: C++ sources, headers and this driver. Absolute paths, sorted. */
export function buildInputs() {
  return readdirSync(nativeDir)
    .filter((name) => /\.(cc|h|mjs)$/.test(name))
    .sort()
    .map((name) => join(nativeDir, name));
}

/** The C++ compiler: $CXX where set, else the first of c++, g++, clang++ on the PATH; undefined if there is none. */
export function findCompiler(env = process.env) {
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  for (const name of env.CXX ? [env.CXX] : ['c++', 'g++', 'clang++']) {
    if (name.includes('/')) {
      if (existsSync(name)) return name;
      continue;
    }
    const folder = folders.find((candidate) => existsSync(join(candidate, name)));
    if (folder) return join(folder, name);
  }
  return undefined;
}

/**
 * Compiles and links the binding.
 * @param {object} options
 * @param {string} options.tfjsNodeDir the unpacked npm package; its binding/ folder holds the C++ sources
 * @param {string} options.tensorflowDir the wheel's tensorflow/ folder: both libraries and include/
 * @param {string} options.napiHeadersDir the include/ folder of node-api-headers
 * @param {string} options.outFile the tfjs_binding.node to write; appears only when complete
 * @param {string} [options.rpath] where the binding looks for TensorFlow when loaded; the tensorflowDir if not given
 * @param {string} [options.objectDir] keeps object files there, so that only what changed is recompiled
 * @param {boolean} [options.isSanitized] with AddressSanitizer and UndefinedBehaviorSanitizer in our own code
 * @param {string} [options.compiler] as found by findCompiler if not given
 * @param {string} [options.arch] the processor family that the compiler compiles for, in Node's words; this one if not
 *   given
 * @param {AbortSignal} [options.signal] stops the compilers
 * @param {(done: number, total: number) => void} [options.onProgress] units finished, of how many; the link is one
 * @returns {Promise<void>} rejects with an Error whose message holds the compiler's first error
 */
export async function buildBinding(options) {
  const compiler = options.compiler ?? findCompiler();
  if (!compiler) throw new Error('no C++ compiler found (looked for $CXX, c++, g++, clang++)');
  const objectDir = options.objectDir ?? `${options.outFile}.objects`;
  mkdirSync(objectDir, { recursive: true });
  mkdirSync(dirname(options.outFile), { recursive: true });
  const units = compileUnits(options, objectDir, await knownInstructionSets(compiler, options));
  const total = units.length + 1;
  let done = 0;
  options.onProgress?.(done, total);
  let anyCompiled = false;
  await forEachParallel(units, availableParallelism(), async (unit) => {
    anyCompiled = (await compileUnit(compiler, unit, options.signal)) || anyCompiled;
    options.onProgress?.(++done, total);
  });
  const link = linkArguments(
    options,
    units.map((unit) => unit.object),
  );
  const linkStamp = join(objectDir, 'link.command');
  if (anyCompiled || !existsSync(options.outFile) || readIfThere(linkStamp) !== link.join('\n')) {
    const unfinished = `${options.outFile}.${process.pid}.unfinished`;
    await runCompiler(compiler, [...link, '-o', unfinished], options.signal);
    renameSync(unfinished, options.outFile);
    writeFileSync(linkStamp, link.join('\n'));
  }
  options.onProgress?.(total, total);
  if (!options.objectDir) rmSync(objectDir, { recursive: true, force: true });
}

/** The instruction sets of this processor family that the compiler knows. */
async function knownInstructionSets(compiler, { arch = process.arch, signal }) {
  const sets = instructionSets[arch];
  if (!sets) throw new Error(`no instruction sets known for processor family ${arch} (x64 and arm64 are)`);
  const knows = ({ flags }) =>
    runCompiler(compiler, [...flags, '-E', '-x', 'c++', '/dev/null'], signal).then(
      () => true,
      () => false,
    );
  const areKnown = await Promise.all(sets.map((set) => !set.define || knows(set)));
  return sets.filter((_, i) => areKnown[i]);
}

/** One entry per call of the compiler, the longest first: { source, object, flags }. */
function compileUnits({ tfjsNodeDir, tensorflowDir, napiHeadersDir, isSanitized }, objectDir, sets) {
  const defines = sets.flatMap(({ define }) => define ?? []);
  const tensorflowIncludes = ['-isystem', join(tensorflowDir, 'include')];
  const unit = (source, flags, label = 'baseline') => ({
    source,
    flags: [...commonFlags, ...flags],
    object: join(objectDir, `${basename(source, '.cc')}.${label}.o`),
  });
  const ours = readdirSync(nativeDir).filter((name) => name.endsWith('.cc'));
  const isOp = (name) => name.endsWith('_op.cc');
  const isCore = (name) => name.endsWith('_core.cc');
  const binding = join(tfjsNodeDir, 'binding'); // not ours, so not watched
  const ops = [...opFlags, ...defines, ...(isSanitized ? sanitizeOpFlags : [])];
  const cores = [...coreFlags, ...defines, ...(isSanitized ? sanitizeFlags : [])];
  return [
    ...ours.filter(isOp).map((name) => unit(join(nativeDir, name), [...ops, ...tensorflowIncludes])),
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) =>
      unit(join(binding, name), [...bindingFlags, `-I${binding}`, `-I${napiHeadersDir}`, ...tensorflowIncludes]),
    ),
    ...ours.filter(isCore).flatMap((name) =>
      // The widest instruction set comes last in the table and takes longest to compile.
      [...sets]
        .reverse()
        .map((set) => unit(join(nativeDir, name), [...cores, ...set.flags, `-DISA=${set.name}`], set.name)),
    ),
    ...ours.filter((name) => !isOp(name) && !isCore(name)).map((name) => unit(join(nativeDir, name), cores)),
  ];
}

function linkArguments({ tensorflowDir, rpath = tensorflowDir, isSanitized }, objects) {
  const libraries =
    process.platform === 'darwin'
      ? [
          '-bundle',
          '-undefined',
          'dynamic_lookup',
          join(tensorflowDir, 'libtensorflow_cc.2.dylib'),
          join(tensorflowDir, 'libtensorflow_framework.2.dylib'),
        ]
      : ['-shared', '-fPIC', `-L${tensorflowDir}`, '-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2'];
  return [...objects, ...libraries, ...(isSanitized ? sanitizeFlags : []), `-Wl,-rpath,${rpath}`];
}

/** Compiles one unit unless its object is newer than all it was made of; says whether it compiled. */
async function compileUnit(compiler, { source, object, flags }, signal) {
  const dependencyFile = `${object}.d`;
  const commandFile = `${object}.command`;
  const command = [compiler, ...flags, '-c', source].join('\n');
  if (readIfThere(commandFile) === command && isNewerThanAll(object, dependenciesIn(dependencyFile))) return false;
  rmSync(commandFile, { force: true });
  await runCompiler(compiler, [...flags, '-MD', '-MF', dependencyFile, '-c', source, '-o', object], signal);
  writeFileSync(commandFile, command);
  return true;
}

/** The prerequisites in a makefile fragment written by the compiler; undefined if there is no such file. */
function dependenciesIn(file) {
  const text = readIfThere(file);
  return text
    ?.slice(text.indexOf(':') + 1)
    .replace(/\\\n/g, ' ')
    .split(/(?<!\\)\s+/)
    .filter(Boolean)
    .map((path) => path.replace(/\\ /g, ' '));
}

function isNewerThanAll(file, others) {
  if (!others || !existsSync(file)) return false;
  const { mtimeMs } = statSync(file);
  return others.every((other) => existsSync(other) && statSync(other).mtimeMs <= mtimeMs);
}

function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function runCompiler(compiler, args, signal) {
  return new Promise((resolve, reject) => {
    const child = spawn(compiler, args, { stdio: ['ignore', 'ignore', 'pipe'], signal });
    let messages = '';
    child.stderr.setEncoding('utf8').on('data', (text) => (messages += text));
    child.on('error', reject);
    child.on('close', (code, killedBy) => {
      if (code === 0) return resolve();
      const first =
        messages.split('\n').find((line) => /error|undefined|cannot/i.test(line)) ?? messages.trim().split('\n')[0];
      reject(new Error(first || `${compiler} ended with ${killedBy ?? `code ${code}`}`, { cause: messages }));
    });
  });
}

async function forEachParallel(items, width, work) {
  const queue = [...items];
  const drain = async () => {
    for (let item = queue.shift(); item; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, drain));
}

/** Where `--sanitize` puts the binding. */
export const sanitizedBinding = join(nativeDir, '../../../node_modules/.cache/rim-agents-sanitized/tfjs_binding.node');

/** Rebuilds the binding inside node_modules, with the messages of the compiler on the screen. */
async function developBinding(args) {
  const modules = join(nativeDir, '../../../node_modules');
  const tfjsNodeDir = join(modules, '@tensorflow/tfjs-node-gpu');
  const isSanitized = args.includes('--sanitize');
  const flag = args.indexOf('--tensorflow');
  const linked = join(modules, '.rim-agents/tensorflow'); // by the set-up
  const tensorflowDir = flag >= 0 ? args[flag + 1] : realpathSync(linked);
  const outFile = isSanitized ? sanitizedBinding : join(tfjsNodeDir, `lib/napi-v${napiVersion}/tfjs_binding.node`);
  const started = performance.now();
  await buildBinding({
    tfjsNodeDir,
    tensorflowDir,
    napiHeadersDir: join(modules, 'node-api-headers/include'),
    outFile,
    objectDir: isSanitized ? dirname(sanitizedBinding) : join(modules, '.cache/rim-agents-binding'),
    isSanitized,
    onProgress: (done, total) => process.stderr.write(`\r${done} of ${total} units`),
  });
  console.error(`\n${outFile} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  developBinding(process.argv.slice(2)).catch((error) => {
    console.error(`\n${error.cause ?? error.message}`);
    process.exitCode = 1;
  });
}
