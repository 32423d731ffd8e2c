// Runs the tests of the native operations under GCC's sanitizers, once per instruction set that this processor has:
//   node --import tsx test/agents/kernels/sanitized.ts [FILE...]    files of this folder
// AddressSanitizer and UndefinedBehaviorSanitizer watch all of our C++, ThreadSanitizer a team of threads. The binding
// is built beside the real one, which stays as it is. Needs g++ with its sanitizers' libraries. Takes about 5 minutes.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findCompiler, instructionSets, sanitizedBinding } from '../../../agents/kernels/native/build.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const native = join(here, '../../../agents/kernels/native');
const compiler = findCompiler();
if (!compiler) throw new Error('no C++ compiler found');

const environment = {
  ...process.env,
  LD_PRELOAD: ['libasan.so', 'libubsan.so'].map(compilersLibrary).join(':'),
  NODE_OPTIONS: `--require ${join(here, 'other-binding.cjs')}`,
  RIM_AGENTS_OTHER_BINDING: sanitizedBinding,
  // Node and TensorFlow keep memory until the process ends; Abseil is in two libraries. Memory is filled with NaN, so
  // that a number that nobody wrote shows in the results.
  ASAN_OPTIONS: 'detect_leaks=0:detect_odr_violation=0:max_malloc_fill_size=268435456:malloc_fill_byte=255',
  UBSAN_OPTIONS: 'print_stacktrace=1:halt_on_error=1',
  // With oneDNN, TensorFlow cuts tensors out of large blocks, and a read beyond one would be within the block.
  TF_ENABLE_ONEDNN_OPTS: '0',
};

run('build', process.execPath, [join(native, 'build.mjs'), '--sanitize'], process.env);
stressTeam();
const sets = instructionSets[process.arch as 'x64' | 'arm64'].map(({ name }) => name);
const tested = sets.filter(testWith);
console.log(`no complaint with ${tested.join(', ')}`);

/** All tests but those that compile, or choose instruction sets themselves. @returns whether the processor has it */
function testWith(set: string): boolean {
  const chosen = { ...environment, RIM_AGENTS_INSTRUCTION_SET: set };
  const test = (file: string, ...args: string[]): string =>
    run(`${file} with ${set}`, process.execPath, ['--import', 'tsx', join(here, file), ...args], chosen);
  if (!test('bits.ts', '3').startsWith(`${set} `)) return false;
  const others = ['instruction-sets.test.ts', 'shared-code.test.ts', 'team.test.ts'];
  const all = readdirSync(here).filter((file) => file.endsWith('.test.ts') && !others.includes(file));
  for (const file of process.argv.length > 2 ? process.argv.slice(2) : all) test(file);
  return true;
}

function stressTeam(): void {
  const folder = mkdtempSync(join(tmpdir(), 'rim-agents-threads-'));
  try {
    const program = join(folder, 'team-stress');
    const flags = ['-std=c++17', '-O1', '-g', '-fsanitize=thread', '-pthread', `-I${native}`, '-o', program];
    run('compile', compiler as string, [...flags, join(here, 'team-stress.cc'), join(native, 'team.cc')], process.env);
    for (const members of [2, 3, 5]) run(`a team of ${members}`, program, [String(members), '30000'], process.env);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Ends the program with what was printed, if a command fails. @returns what was printed */
function run(what: string, command: string, args: string[], env: NodeJS.ProcessEnv): string {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', env, maxBuffer: 1 << 28 });
  if (status !== 0) {
    console.error(`${stdout}\n${stderr}\n${what} failed`);
    process.exit(1);
  }
  console.log(`${what}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return stdout;
}

function compilersLibrary(name: string): string {
  return spawnSync(compiler as string, [`-print-file-name=${name}`], { encoding: 'utf8' }).stdout.trim();
}
