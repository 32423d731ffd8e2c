import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';

const main = JSON.stringify(new URL('../../../src/cli/main.ts', import.meta.url).href);

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
  readonly stdout: string;
}

/** Runs `body` as a command's main. @param signals sent one after the other, each after another line on stdout */
async function command(body: string, signals: NodeJS.Signals[] = []): Promise<Ended> {
  const script = `import { onInterrupt, runCommand } from ${main}; await runCommand(async () => { ${body} });`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script]);
  const left = [...signals];
  child.stdout.on('data', () => {
    const signal = left.shift();
    if (signal) child.kill(signal);
  });
  const [stdout, stderr, exit] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code: exit[0] as number | null, stdout, stderr };
}

test('a command that does its work exits with 0', async () => {
  assert.deepEqual(await command("console.log('done')"), { code: 0, stdout: 'done\n', stderr: '' });
});

test('an error for the user is one line without a stack, and exit code 2, wherever it is thrown', async () => {
  const error = "Object.assign(new Error('no such game'), { name: 'UserError' })";
  for (const thrown of [
    `throw ${error}`,
    `setTimeout(() => { throw ${error} }, 1)`,
    `void Promise.reject(${error}); await new Promise((r) => setTimeout(r, 1e4))`,
  ]) {
    assert.deepEqual(await command(thrown), { code: 2, stdout: '', stderr: 'error: no such game\n' });
  }
});

test('a fault of ours shows its stack, and exit code 1', async () => {
  const { code, stderr } = await command("throw new TypeError('oops')");
  assert.equal(code, 1);
  assert.match(stderr, /^TypeError: oops\n {4}at /);
});

test('the first Ctrl-C lets the command end by itself, the second ends it at once', async () => {
  const stays = `
    const timer = setInterval(() => {}, 1000);
    onInterrupt(() => { console.log('asked'); setTimeout(() => console.log('still here'), 600); });
    console.log('ready');`;
  const stdout = 'ready\nasked\nstill here\n'; // the second signal follows the first at once and is the same keystroke
  assert.deepEqual(await command(stays, ['SIGINT', 'SIGINT', 'SIGINT']), { code: 130, stdout, stderr: '' });
  const saves = `
    await new Promise((resolve) => {
      const timer = setInterval(() => {}, 1000);
      onInterrupt(() => { clearInterval(timer); resolve(); });
      console.log('ready');
    });
    console.log('saved');`;
  assert.deepEqual(await command(saves, ['SIGINT']), { code: 0, stdout: 'ready\nsaved\n', stderr: '' });
});

test('a terminal that is closed lets the command end by itself, and so do the errors that follow', async () => {
  const saves = `
    await new Promise((resolve) => {
      const timer = setInterval(() => {}, 1000);
      onInterrupt(() => {
        const error = Object.assign(new Error('write EIO'), { code: 'EIO' });
        setTimeout(() => process.stdout.emit('error', error), 600);
        setTimeout(() => process.kill(process.pid, 'SIGHUP'), 700);
        setTimeout(() => { clearInterval(timer); resolve(); }, 800);
      });
      console.log('ready');
    });
    console.log('saved');`;
  assert.deepEqual(await command(saves, ['SIGHUP']), { code: 0, stdout: 'ready\nsaved\n', stderr: '' });
});

test('a reader that leaves early is no error', async () => {
  const { code, stderr } = await (async () => {
    const script = `import { runCommand } from ${main}; await runCommand(async () => {
      for (let i = 0; i < 1e4; i++) { console.log('x'.repeat(1000)); await new Promise(setImmediate); } });`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script]);
    child.stdout.once('data', () => child.stdout.destroy());
    const [stderr, exit] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    return { code: exit[0] as number, stderr };
  })();
  assert.deepEqual([code, stderr], [0, '']);
});
