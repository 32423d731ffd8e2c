// Runs the tests of the native operations under GCC's sanitizers, once per instruction set that this processor has:
//   node setup/run.mjs test/agents/kernels/sanitized.ts [FILE...]    files of this folder
// AddressSanitizer and UndefinedBehaviorSanitizer watch all of our C++, ThreadSanitizer a team of threads. The binding
// is built beside the real one, which stays as it is. Needs g++ with its sanitizers' libraries. Takes a few minutes.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findCompiler, instructionSets, sanitizedBinding } from '../../../agents/kernels/native/build.mjs';
import { here, native, run, testFiles, withBinding } from './other-binding.ts';

const compiler = findCompiler();
if (!compiler) throw new Error('no C++ compiler found');

const { args, env } = withBinding(sanitizedBinding);
const environment = {
  ...env,
  LD_PRELOAD: ['libasan.so', 'libubsan.so'].map(compilersLibrary).join(':'),
  // Node and TensorFlow keep memory until the process ends; Abseil is in two libraries. Memory is filled with NaN, so
  // that a number that nobody wrote shows in the results.
  ASAN_OPTIONS: 'detect_leaks=0:detect_odr_violation=0:max_malloc_fill_size=268435456:malloc_fill_byte=255',
  UBSAN_OPTIONS: 'print_stacktrace=1:halt_on_error=1',
  // With oneDNN, TensorFlow cuts tensors out of large blocks, and a read beyond one would be within the block.
  TF_ENABLE_ONEDNN_OPTS: '0',
};

run('build', process.execPath, [join(native, 'build.mjs'), '--sanitize']);
stressTeam();
const sets = instructionSets[process.arch as 'x64' | 'arm64'].map(({ name }) => name);
const tested = sets.filter(testWith);
console.log(`no complaint with ${tested.join(', ')}`);

/** @returns whether the processor has these instructions, and all was tested with them */
function testWith(set: string): boolean {
  const chosen = { ...environment, RIM_AGENTS_INSTRUCTION_SET: set };
  const test = (file: string, ...more: string[]): string =>
    run(`${file} with ${set}`, process.execPath, [...args, '--import', 'tsx', join(here, file), ...more], chosen);
  if (!test('bits.ts', '3').startsWith(`${set} `)) return false;
  testFiles().forEach((file) => test(file));
  return true;
}

function stressTeam(): void {
  const folder = mkdtempSync(join(tmpdir(), 'rim-agents-threads-'));
  try {
    const program = join(folder, 'team-stress');
    const flags = ['-std=c++17', '-O1', '-g', '-fsanitize=thread', '-pthread', `-I${native}`, '-o', program];
    run('compile', compiler as string, [...flags, join(here, 'team-stress.cc'), join(native, 'team.cc')]);
    for (const members of [2, 3, 5]) run(`a team of ${members}`, program, [String(members), '30000']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function compilersLibrary(name: string): string {
  return spawnSync(compiler as string, [`-print-file-name=${name}`], { encoding: 'utf8' }).stdout.trim();
}
