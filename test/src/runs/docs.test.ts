import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { runConfig, taskRunConfig } from '../../../src/runs/config.ts';
import { fileNames } from '../../../src/runs/file-names.ts';
import { evaluationLine, taskMetricLine, taskResult } from '../../../src/runs/task-lines.ts';
import { taskState } from '../../../src/runs/task-run.ts';
import { sampleEpisode, sampleMetric, sampleState } from './samples.ts';

test('docs/run-folder.md defines every file and every field', () => {
  const text = readFileSync(new URL('../../../docs/run-folder.md', import.meta.url), 'utf8');
  const names = [
    fileNames.config,
    fileNames.episodes,
    fileNames.metrics,
    fileNames.log,
    fileNames.checkpoint,
    fileNames.claim,
    ...Object.keys(runConfig.shape),
    ...Object.keys(sampleEpisode(1, 1)),
    ...Object.keys(sampleEpisode(1, 1).activation ?? {}),
    ...Object.keys(sampleMetric(1)),
    ...Object.keys(sampleState(1)),
    ...[fileNames.evaluations, fileNames.result, fileNames.sample],
    ...Object.keys(taskRunConfig.shape),
    ...Object.keys(taskMetricLine.shape),
    ...Object.keys(evaluationLine.shape),
    ...Object.keys(taskResult.shape),
    ...Object.keys(taskState.shape),
  ];
  assert.deepEqual(
    names.filter((name) => !text.includes(`\`${name}\``)),
    [],
  );
});
