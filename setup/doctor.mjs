// @ts-check
// npm run doctor: what this machine and this clone have, and what would go wrong. Changes nothing; exit
// code 1 if anything must be mended by hand.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statfsSync } from 'node:fs';
import { availableParallelism, cpus, freemem, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { requireNode } from './node-version.mjs';

requireNode();
const help = 'Usage: npm run doctor\n\nShows what is there and what would go wrong, and changes nothing.\n';
const [given] = process.argv.slice(2);
if (given === '--help' || given === '-h') {
  process.stdout.write(help);
  process.exit(0);
}
if (given !== undefined) {
  process.stderr.write(`error: the doctor takes no arguments, but was given ${given}\n`);
  process.exit(2);
}
// A reader that has seen enough, such as `head`, is no error.
process.stdout.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const { aleProduct, aleSourceProduct } = await import('./ale.mjs');
const { bindingFolder, bindingPath, findCompiler, isDeveloped, requireCompiler } = await import('./binding.mjs');
const { cacheFolder, folderBytes, productFolder, productProblem, productProblemDeep, readManifest } =
  await import('./cache.mjs');
const { dataSetFolders } = await import('./data-sets.mjs');
const { megabytes } = await import('./display.mjs');
const { SetUpError } = await import('./errors.mjs');
const { chooseTensorflow, compilerVersion, hasNvidiaGpu, processorFeatures, requireGlibc } =
  await import('./machine.mjs');
const { findPython } = await import('./pip.mjs');
const { preflight } = await import('./preflight.mjs');
const { here, root, survey } = await import('./survey.mjs');
const { tensorflowProduct } = await import('./tensorflow.mjs');
const { aleSource, tensorflowVersion } = await import('./versions.mjs');

/** @type {string[]} */
const problems = [];
/** @type {string[]} */
const pending = [];

versions();
await tools();
machine();
await products();
await binding();
verdict();

function versions() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  title('versions');
  row('rim-agents', version);
  row('Node', `${process.versions.node} (V8 ${process.versions.v8}, Node-API ${process.versions.napi})`);
  row('ALE', aleSource.version);
  row('TensorFlow', tensorflowVersion);
}

async function tools() {
  title('tools');
  row('npm', ask('npm', ['--version']) ?? missing('npm is not found; it comes with Node from nodejs.org'));
  try {
    const { command, version, pip } = findPython();
    row('Python', `${version} (${command}), pip ${pip}`);
  } catch (error) {
    row('Python', missing(messageOf(error)));
  }
  const compiler = await findCompiler(root);
  try {
    await requireCompiler(root);
    row('C++ compiler', `${compilerVersion(compiler ?? '')} (${compiler})`);
  } catch (error) {
    row('C++ compiler', missing(messageOf(error)));
  }
}

function machine() {
  title('machine');
  const processors = cpus();
  row('system', `${process.platform}-${process.arch}, ${release()}`);
  row('processor', `${processors[0]?.model.trim() ?? 'unknown'}, ${processors.length} logical`);
  row('features', processorFeatures().join(' ') || 'baseline');
  row('threads', `${availableParallelism()} for this process`);
  row('memory', `${megabytes(totalmem())}, ${megabytes(freemem())} free`);
  row('GPU', gpu());
  try {
    requireGlibc();
    row(
      'TensorFlow kind',
      `${chooseTensorflow().kind}${process.env.RIM_AGENTS_TENSORFLOW ? ' (RIM_AGENTS_TENSORFLOW)' : ''}`,
    );
  } catch (error) {
    row('TensorFlow kind', missing(messageOf(error)));
  }
}

async function products() {
  title('set-up');
  const place = placeOrUndefined();
  if (!place) return;
  const state = await survey(place);
  try {
    if (Object.values(state).some(Boolean)) await preflight(place, state);
  } catch (error) {
    if (!problems.includes(messageOf(error))) problems.push(messageOf(error));
  }
  for (const [name, problem] of Object.entries(state)) {
    const label =
      { packages: 'npm packages', aleSource: 'ALE source', ale: 'ALE', tensorflow: 'TensorFlow', binding: 'binding' }[
        name
      ] ?? name;
    if (problem) pending.push(`${label} ${problem}`);
    if (problem || name !== 'aleSource') row(label, problem ?? 'in place');
  }
  title(`cache ${cacheFolder()}`);
  const used = new Set([
    productFolder(place.cache, aleSourceProduct),
    productFolder(place.cache, await aleProduct(root)),
    productFolder(place.cache, tensorflowProduct(place.tensorflow)),
    await bindingFolder(place),
    ...dataSetFolders(place.cache),
  ]);
  if (!existsSync(place.cache)) return row('', 'empty');
  for (const name of readdirSync(place.cache).sort()) {
    const folder = join(place.cache, name);
    const manifest = readManifest(folder);
    if (!manifest) {
      row(name, megabytes(folderBytes(folder)));
      continue;
    }
    const problem = used.has(folder) ? await productProblemDeep(folder) : undefined;
    // A start finds what changes size or time by itself.
    if (problem && !productProblem(folder))
      problems.push(`${name} ${problem}; remove ${folder}, the next command makes it anew`);
    const trees = Object.keys(manifest.trees).map((tree) => `${tree}/`);
    const unread = trees.length > 0 ? `, but only names and sizes in ${trees.join(' and ')}` : '';
    const state = used.has(folder)
      ? `used here, ${problem ?? `every byte checked${unread}`}`
      : 'not used by this clone';
    row(
      name,
      `${megabytes(folderBytes(folder))}, made ${manifest.made.slice(0, 10)} in ${manifest.seconds} s, ${state}`,
    );
  }
  const { bavail, bsize } = statfsSync(place.cache);
  row('free space', megabytes(bavail * bsize));
}

/** Loads the binding in a process of its own: that fails where a library of the system is too old. */
async function binding() {
  const file = await bindingPath(root);
  if (!existsSync(file)) return;
  title('binding');
  row('file', (await isDeveloped(root)) ? `${file}, built by hand (build.mjs --dev)` : file);
  const load = 'const binding = require(process.argv[1]); process.stdout.write(binding.TF_Version)';
  try {
    const version = execFileSync(process.execPath, ['-e', load, file], { encoding: 'utf8', stdio: 'pipe' });
    row('loads', `TensorFlow ${version}`);
    row('kernels', kernels() ?? missing('our operations do not answer; remove the binding from the cache'));
  } catch (error) {
    const { stderr } = /** @type {{ stderr?: string }} */ (error);
    const reason = stderr?.split('\n').find((line) => /Error:/.test(line)) ?? messageOf(error);
    row(
      'loads',
      missing(`the binding does not load: ${reason.trim()}; remove ${cacheFolder()} and run any command again`),
    );
  }
}

/** Which operations a run would use, as in its config.json; asked of the code that chooses them. */
function kernels() {
  const script = `
    const { loadTensorFlow } = await import('./agents/kernels/backend.ts');
    const { describeKernels, selectKernels } = await import('./agents/kernels/index.ts');
    await loadTensorFlow();
    process.stdout.write(describeKernels(selectKernels('auto')));`;
  return ask(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
}

function verdict() {
  console.log();
  for (const text of pending) console.log(`the next command mends this itself: ${text}`);
  for (const text of problems) console.log(`to mend: ${text}`);
  if (problems.length > 0) process.exitCode = 1;
  else console.log(pending.length > 0 ? 'nothing to mend by hand' : 'all is well');
}

function gpu() {
  if (!hasNvidiaGpu()) return 'no NVIDIA driver found';
  const name = ask('nvidia-smi', ['--query-gpu=name,driver_version', '--format=csv,noheader'])?.replaceAll('\n', '; ');
  const untested = 'training on a GPU has not been tested; RIM_AGENTS_TENSORFLOW=cpu avoids it';
  return `${name ?? 'NVIDIA, nvidia-smi does not answer'} (${untested})`;
}

function placeOrUndefined() {
  try {
    return here();
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    return undefined; // said above
  }
}

/** @param {string} text */
function title(text) {
  console.log(`\n${text}`);
}

/** @param {string} label @param {string} text */
function row(label, text) {
  console.log(`  ${label.padEnd(16)} ${text}`);
}

/** Notes a problem. @param {string} text @returns {string} what its row shows */
function missing(text) {
  problems.push(text);
  return 'missing or unusable';
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/** @param {string} command @param {string[]} args @returns {string | undefined} */
function ask(command, args) {
  try {
    return execFileSync(command, args, { encoding: 'utf8', cwd: root, stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
