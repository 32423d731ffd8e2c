// @ts-check
// What this machine is, as far as the set-up must know it.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { SetUpError } from './errors.mjs';
import { tensorflowFor } from './versions.mjs';

/** Whether an NVIDIA driver is loaded: on Linux, or below WSL. A look at files, so that every start can afford it. */
export function hasNvidiaGpu() {
  return (
    process.platform === 'linux' &&
    ['/proc/driver/nvidia/version', '/dev/nvidiactl', '/usr/lib/wsl/lib/libcuda.so.1'].some((file) => existsSync(file))
  );
}

/**
 * Which TensorFlow this machine gets: the CUDA one where a GPU is found, unless RIM_AGENTS_TENSORFLOW says cpu or cuda.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} machine Node's platform and architecture
 * @param {() => boolean} hasGpu
 * @returns {import('./versions.mjs').TensorFlow}
 * @throws {SetUpError} if there is none for it
 */
export function chooseTensorflow(
  env = process.env,
  machine = `${process.platform}-${process.arch}`,
  hasGpu = hasNvidiaGpu,
) {
  const wish = env.RIM_AGENTS_TENSORFLOW;
  if (wish && wish !== 'cpu' && wish !== 'cuda')
    throw new SetUpError(
      `RIM_AGENTS_TENSORFLOW is "${wish}"; set it to cpu or cuda, or unset it to use a GPU where there is one`,
    );
  const cuda = tensorflowFor[`${machine}-cuda`];
  const cpu = tensorflowFor[`${machine}-cpu`];
  if (wish === 'cuda' && !cuda)
    throw new SetUpError(`there is no TensorFlow with CUDA for ${machine}; unset RIM_AGENTS_TENSORFLOW`);
  const chosen = wish === 'cuda' || (wish !== 'cpu' && cuda && hasGpu()) ? cuda : cpu;
  if (chosen) return chosen;
  const supported = [...new Set(Object.keys(tensorflowFor).map((key) => key.replace(/-[^-]*$/, '')))].join(', ');
  const mend =
    process.platform === 'win32' ? 'use the Windows Subsystem for Linux' : `the supported ones are ${supported}`;
  throw new SetUpError(`there is no TensorFlow for ${machine}; ${mend}`);
}

/** @throws {SetUpError} on a Linux with another C library than TensorFlow is built for (Alpine) */
export function requireGlibc() {
  if (process.platform !== 'linux') return;
  const report = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  if (!report.header.glibcVersionRuntime)
    throw new SetUpError(
      'this Linux has no glibc, which TensorFlow needs (Alpine has musl); ' +
        'use a distribution such as Debian, Ubuntu or Fedora',
    );
}

/** @param {string} compiler @returns {string} its first line about itself; '' if it cannot be run */
export function compilerVersion(compiler) {
  try {
    return (
      execFileSync(compiler, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n')[0] ??
      ''
    );
  } catch {
    return '';
  }
}

/** The instruction sets beyond the baseline that matter to our kernels and TensorFlow's. */
export function processorFeatures() {
  const interesting = [
    'avx',
    'avx2',
    'fma',
    'f16c',
    'avx512f',
    'avx512bw',
    'avx512vl',
    'avx512_vnni',
    'avx512_bf16',
    'amx_bf16',
    'asimd',
    'bf16',
    'sve',
  ];
  const flags = new Set(processorFlags().toLowerCase().split(/\s+/));
  return interesting.filter((name) => flags.has(name));
}

function processorFlags() {
  try {
    if (process.platform === 'darwin')
      return execFileSync('sysctl', ['-n', 'machdep.cpu.features', 'machdep.cpu.leaf7_features'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    return /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? '';
  } catch {
    return ''; // an ARM Mac has no such table
  }
}
