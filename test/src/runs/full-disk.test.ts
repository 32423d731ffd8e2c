import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AppendFile } from '../../../src/runs/append-file.ts';
import { fileNames } from '../../../src/runs/file-names.ts';
import { readEpisodes } from '../../../src/runs/saved-run.ts';
import { checkpointOf, script, temporaryFolder } from './samples.ts';

test('a full disk is told in one line', { skip: !existsSync('/dev/full') }, () => {
  const file = AppendFile.open('/dev/full');
  file.append('text');
  assert.throws(() => file.flush(), {
    name: 'UserError',
    message: 'cannot write /dev/full: the disk is full; free some space',
  });
  file.close();
});

test('where the system takes no more, a command ends with 2, one line, and whole lines in every file', (context) => {
  const path = join(temporaryFolder(context), 'run');
  const body = `
    await runCommand(async () => {
      const folder = RunFolder.create(${JSON.stringify(path)}, settings);
      folder.saveCheckpoint(sampleState(0));
      for (let update = 1; ; update++) {
        for (let game = 0; game < 9; game++) folder.episode(sampleEpisode(update * 1024, update));
        folder.metric(sampleMetric(update));
        folder.flush();
      }
    });`;
  // Blocks of 512 or 1024 bytes, as the shell has it: enough for the settings, not for many games.
  const command = `ulimit -f 24; exec "$0" --import tsx --input-type=module --eval "$1"`;
  const { status, stderr } = spawnSync('sh', ['-c', command, process.execPath, script(body)], {
    encoding: 'utf8',
    env: { ...process.env, TSX_DISABLE_CACHE: '1' },
  });
  assert.equal(status, 2, stderr);
  assert.match(stderr, /^error: cannot write \S+: the file would be larger than is allowed here; [^\n]*\n$/);
  for (const name of [fileNames.episodes, fileNames.metrics])
    assert.match(readFileSync(join(path, name), 'utf8'), /\}\n$/);
  assert.ok(readEpisodes(path).length > 0);
  assert.equal(checkpointOf(path).update, 0);
});

test('a checkpoint that does not fit leaves the one before, and no rest', (context) => {
  const path = join(temporaryFolder(context), 'run');
  const body = `
    await runCommand(async () => {
      const folder = RunFolder.create(${JSON.stringify(path)}, settings);
      folder.saveCheckpoint(sampleState(1));
      const large = new Float32Array(1e5);
      folder.saveCheckpoint({ ...sampleState(2), parameters: large, m: large, v: large });
    });`;
  const command = `ulimit -f 24; exec "$0" --import tsx --input-type=module --eval "$1"`;
  const { status, stderr } = spawnSync('sh', ['-c', command, process.execPath, script(body)], {
    encoding: 'utf8',
    env: { ...process.env, TSX_DISABLE_CACHE: '1' },
  });
  assert.equal(status, 2, stderr);
  assert.match(stderr, /^error: cannot write \S+checkpoint\.msgpack: [^\n]*\n$/);
  assert.equal(checkpointOf(path).update, 1);
  assert.ok(!readdirSync(path).some((name) => name.endsWith('.tmp')));
});
