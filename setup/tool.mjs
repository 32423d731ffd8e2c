// @ts-check
// Running other programs: pip, npm, Python.
import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/**
 * Runs a program to its end. What it prints goes into the log, and comes back.
 * @param {string} command
 * @param {string[]} args
 * @param {object} options
 * @param {string} [options.cwd]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {string} [options.log] file to which the output is appended
 * @param {(line: string) => void} [options.onLine] each line of its output, as it comes
 * @returns {Promise<{ ok: boolean, output: string }>} never rejects: a program that
 * cannot be started says so in its output
 */
export function runTool(command, args, { cwd, env, log, onLine }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    let output = '';
    let rest = '';
    const take = (/** @type {string} */ text) => {
      output += text;
      rest += text;
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine?.(line);
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.on('error', (error) => take(`${error.message}\n`));
    child.on('close', (code, signal) => {
      running.delete(child);
      if (signal) take(`${command} was ended by ${signal}\n`);
      if (log) appendLog(log, `$ ${command} ${args.join(' ')}\n${output}\n`);
      resolve({ ok: code === 0, output });
    });
  });
}

/** Ends every program that is still at work: called when the set-up is interrupted. */
export function endTools() {
  for (const child of running) child.kill('SIGTERM');
}

/** @param {string} log @param {string} text */
function appendLog(log, text) {
  try {
    appendFileSync(log, text);
  } catch {
    // The log is a help for whoever looks into a failure; a full disk is reported by the step that met it.
  }
}
