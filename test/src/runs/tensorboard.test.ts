import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AppendFile } from '../../../src/runs/append-file.ts';
import { writeHeader, writeScalars } from '../../../src/runs/tensorboard.ts';
import { bytesOf, fields, records, scalarsOf } from './event-file.ts';
import { temporaryFolder } from './samples.ts';

test('an event file read back by the rules of TFRecord and protocol buffers holds what was written', (context) => {
  const file = AppendFile.create(join(temporaryFolder(context), 'events.out.tfevents.1'));
  writeHeader(file, 1700000000.25);
  writeScalars(file, 10_000_000_000, 1700000001.5, [
    ['policyLoss', -0.125],
    ['activation/shares/0', 0.75],
    ['n'.repeat(200), 3],
  ]);
  writeScalars(file, 0, 1700000002, [['ε', 1e30]]);
  file.flush();
  file.close();

  const events = records(readFileSync(file.path)).map((data) => new Map(fields(data)));
  assert.equal(events.length, 3);
  assert.equal(bytesOf(events[0]?.get(1)).readDoubleLE(), 1700000000.25);
  assert.equal(bytesOf(events[0]?.get(3)).toString(), 'brain.Event:2');

  assert.equal(bytesOf(events[1]?.get(1)).readDoubleLE(), 1700000001.5);
  assert.equal(events[1]?.get(2), 10_000_000_000n);
  assert.deepEqual(scalarsOf(events[1]), [
    ['policyLoss', -0.125],
    ['activation/shares/0', 0.75],
    ['n'.repeat(200), 3],
  ]);
  assert.equal(events[2]?.get(2), 0n);
  assert.deepEqual(scalarsOf(events[2]), [['ε', Math.fround(1e30)]]);
});
