import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, type TestContext, test } from 'node:test';
import { loadTensorFlow } from '../../../agents/kernels/backend.ts';
import { selectKernels } from '../../../agents/kernels/index.ts';
import { coreOptions, type CoreSettings } from '../../../src/settings/core-settings.ts';
import { readEvaluations, readSample, readTaskMetrics, readTaskResult } from '../../../src/runs/task-run.ts';
import { LanguageNetwork, type LanguageNetworkOptions } from '../../../src/tasks/language-network.ts';
import { languageModel } from '../../../src/tasks/language-model.ts';
import { newTaskSession, resumedTaskSession, type TaskSession } from '../../../src/tasks/session.ts';
import type { TrainingSettings } from '../../../src/tasks/settings.ts';
import type { TaskProgress } from '../../../src/tasks/progress.ts';
import { temporaryFolder } from '../runs/samples.ts';
import { taskCheckpoint } from './small-runs.ts';

before(() => loadTensorFlow());

const settingsOf = (given: Record<string, unknown>): TrainingSettings =>
  languageModel.settings.parse(given) as unknown as TrainingSettings;

test('rim, brim and lstm have equal numbers of parameters by default, on the text that is fetched', () => {
  const sizes = ['rim', 'brim', 'lstm'].map((core) => {
    const given = languageModel.settings.parse({ core }) as unknown as LanguageNetworkOptions;
    const options = { ...given, core: coreOptions(given as unknown as CoreSettings), words: 6245, cutoffs: [2000] };
    return new LanguageNetwork(options, selectKernels('portable')).layout.size;
  });
  assert.ok(Math.max(...sizes) / Math.min(...sizes) < 1.01, sizes.join(', '));
});

/** A folder with a small text in the form of WikiText. */
function text(context: TestContext): string {
  const folder = join(temporaryFolder(context), 'text');
  mkdirSync(folder);
  const line = (i: number): string => ` the ${'abcdefgh'[(i * i) % 7]} sees ${'abcdefgh'[i % 8]} <unk>\n`;
  const lines = (count: number): string => Array.from({ length: count }, (_, i) => line(i)).join('');
  for (const [part, count] of Object.entries({ train: 30, valid: 8, test: 9 }))
    writeFileSync(join(folder, `wiki.${part}.tokens`), lines(count));
  return folder;
}

const small = {
  ...{ modules: 2, units: 4, active: 1, hidden: 5, layers: '2x3:1,2x2:1', embedding: 8, cutoffs: '4,100', divisor: 2 },
  ...{ batch: 4, bptt: 7, learningRate: 0.01, threads: 1, updates: 26, evaluateEvery: 6, patience: 0 },
};

async function finish(session: TaskSession, stopAfter = Infinity): Promise<void> {
  const stop = new AbortController();
  const report = ({ evaluation }: TaskProgress): void => {
    if (evaluation && evaluation.update >= stopAfter) stop.abort();
  };
  await session.train({ report, signal: stop.signal });
  session.close();
}

/** What a run has learned and told, but for times and memory. */
function learned(path: string) {
  return {
    ...{ ...taskCheckpoint(path), fileLengths: {}, seconds: 0, created: '' },
    metrics: readTaskMetrics(path).map((line) => ({ ...line, seconds: 0, updatesPerSecond: 0, memory: {} })),
    evaluations: readEvaluations(path).map((line) => ({ ...line, seconds: 0 })),
    selections: readTaskResult(path)?.selections,
    sample: readSample(path),
  };
}

for (const core of ['rim', 'brim', 'lstm'])
  test(`a run of ${core} stopped within a pass and resumed ends exactly as one never stopped`, async (context) => {
    const settings = settingsOf({ ...small, core, data: text(context) });
    const [whole, parts] = [join(temporaryFolder(context), 'whole'), join(temporaryFolder(context), 'parts')];
    await finish(await newTaskSession(languageModel, settings, 'test', whole));
    await finish(await newTaskSession(languageModel, settings, 'test', parts), 12);
    const { update, experiment } = taskCheckpoint(parts);
    assert.equal(update, 12);
    assert.ok((experiment as { first: number }).first > 0, 'in the midst of the text');
    assert.ok((experiment as { states: Float32Array[] }).states.some((state) => state.some((x) => x !== 0)));
    await finish(await resumedTaskSession(languageModel, parts, {}));
    assert.deepEqual(learned(parts), learned(whole));
    assert.deepEqual(Object.keys(readTaskResult(parts)?.selections['validation']?.tests ?? {}), ['validation', 'test']);
  });

test('what cannot be trained is refused before anything is written', async (context) => {
  const data = text(context);
  const refuse = (given: Record<string, unknown>, message: RegExp): Promise<void> =>
    assert.rejects(
      newTaskSession(languageModel, settingsOf({ ...small, data, ...given }), 'test', join(data, 'run')),
      message,
    );
  await refuse({ batch: 300 }, /180 words does not fill 300 streams .*smaller --batch/);
  await refuse({ cutoffs: '6,4' }, /cutoffs 6,4: must be whole numbers that rise, from 1 to/);
  await refuse({ cutoffs: 'x' }, /--cutoffs "x": must be whole numbers/);
  await refuse({ divisor: 64 }, /width 8 \/ 64\^1 < 1; take fewer cutoffs/);
  await refuse({ data: join(data, 'none') }, /wiki\.train\.tokens is missing/);
});
