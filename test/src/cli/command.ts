import { execFile } from 'node:child_process';

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

type Name = 'conformance' | 'curve' | 'figures' | 'games' | 'report' | 'tables' | 'task' | 'view';

/** Runs a command of src/cli, as its npm script does. */
export function run(name: Name, ...args: string[]): Promise<Outcome> {
  return runIn(process.cwd(), name, ...args);
}

/** The same in another folder. */
export function runIn(cwd: string, name: Name, ...args: string[]): Promise<Outcome> {
  const file = new URL(`../../../src/cli/${name}.ts`, import.meta.url).pathname;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), file, ...args],
      { cwd },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr }),
    );
  });
}
