// What the programs share that run the kernels' tests with another binding than the one in node_modules.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const here = dirname(fileURLToPath(import.meta.url));
export const native = join(here, '../../../agents/kernels/native');

/** What makes Node load this binding: arguments before the file, and the environment. */
export function withBinding(file: string): { args: string[]; env: NodeJS.ProcessEnv } {
  return {
    args: ['--require', join(here, 'other-binding.cjs')],
    env: { ...process.env, RIM_AGENTS_OTHER_BINDING: file },
  };
}

/** The test files named on the command line, or all but those that compile or choose instruction sets themselves. */
export function testFiles(): string[] {
  const others = ['instruction-sets.test.ts', 'shared-code.test.ts', 'team.test.ts'];
  const all = readdirSync(here).filter((file) => file.endsWith('.test.ts') && !others.includes(file));
  return process.argv.length > 2 ? process.argv.slice(2) : all;
}

/** Runs a command and says how long it took; ends the program with what it printed if it fails. @returns its output */
export function run(what: string, command: string, args: string[], env: NodeJS.ProcessEnv = process.env): string {
  const started = performance.now();
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', env, maxBuffer: 1 << 28 });
  if (status !== 0) {
    console.error(`${stdout}\n${stderr}\n${error?.message ?? ''}\n${what} failed`);
    process.exit(1);
  }
  console.log(`${what}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return stdout;
}
