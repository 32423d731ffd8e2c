import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { readRuns } from '../../../src/report/run-data.ts';
import { runReport } from '../../../src/report/run-report.ts';
import { RunFolder } from '../../../src/runs/run-folder.ts';
import { sampleEpisode, sampleMetric, settings, temporaryFolder } from '../runs/samples.ts';

interface Sample {
  readonly flags?: string;
  readonly options?: object;
  readonly kernels?: string;
  /** Of games that end every 1,000 agent steps. */
  readonly scores?: readonly number[];
  /** Updates, each of 100 agent steps and a second. */
  readonly updates?: number;
  /** Resident after each update, in MiB. */
  readonly memory?: (update: number) => number;
}

/** A run on a machine that is not this one. */
function makeRun(context: TestContext, sample: Sample): string {
  const { flags = '', options, kernels = 'native (avx2)', scores = [], updates = 0, memory = () => 100 } = sample;
  const path = join(temporaryFolder(context), 'run');
  const folder = RunFolder.create(path, settings);
  for (const [i, score] of scores.entries()) folder.episode(sampleEpisode((i + 1) * 1000, score));
  for (let update = 1; update <= updates; update++)
    folder.metric({
      ...sampleMetric(update),
      agentStep: update * 100,
      // The median of 901, 902, ... for 69 updates is 935.
      stepsPerSecond: 900 + update,
      memory: { rssBytes: memory(update) * 2 ** 20, tensors: update < 5 ? 20 : 27 },
    });
  folder.log.info({ gradientNorms: {} }, 'checkpoint saved');
  if (updates > 0) {
    folder.log.info({ gradientNorms: { 'torso.w0': 9, 'core.rnnBias': 0.5, 'core.commKey': 1 } }, 'checkpoint saved');
    folder.log.info({ gradientNorms: { 'torso.w0': 9, 'core.rnnBias': 0.02, 'core.commKey': 3 } }, 'checkpoint saved');
  }
  folder.close();
  const config = {
    ...{ format: 1, created: '2026-01-31T23:59:59.000Z', ...settings },
    command: `npm run ppo -- --game Breakout${flags} --run runs/x --steps 6900`,
    options: { ...settings.options, steps: 6900, threads: 2, precision: 'float32', ...options },
    versions: { ale: '0.12.1', kernels },
    processor: { model: 'Abacus', cores: 4, memoryBytes: 8 * 2 ** 30, platform: 'linux x64' },
  };
  writeFileSync(join(path, 'config.json'), JSON.stringify(config));
  return path;
}

test('a report of two runs puts them side by side, says once what they share, and then what each shows', (context) => {
  // Scores 2, 4, 6, ... have means 2, 3, 4, ...; after the first minute, at updates 60 to 69, each is a tenth.
  const whole = makeRun(context, {
    scores: [2, 4, 6, 8, 10, 12],
    updates: 69,
    memory: (update) => (update < 60 ? 110 : update < 65 ? 100 : update < 69 ? 101 : 102),
  });
  const begun = makeRun(context, {
    flags: ' --precision bf16',
    options: { precision: 'bf16' },
    kernels: 'native (avx2), bf16 products',
    scores: [3, 5],
    updates: 20,
  });
  const report = runReport(readRuns([whole, begun]), { scores: 'p/scores.svg', memory: 'p/memory.svg' });
  const means = 'Mean score of the last 100 games';
  assert.equal(
    report,
    `## Scores, side by side

![${means}, and the modules’ shares, against agent steps](p/scores.svg)

${means}, at round numbers of agent steps and at the end of the run; \`best\` is the
best of these means over a hundred games. \`steps/s\` is the median over the updates, whatever else the machine did.

| run | 1k | 2k | 3k | 4k | 5k | 6k | end | best | games | agent steps | steps/s | time |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| Breakout, rim, seed 1, float32 | 2.00 | 3.00 | 4.00 | 5.00 | 6.00 | 7.00 | 7.00 | 7.00 | 6 | 6,900 | 935 | 1 m 09 s |
| Breakout, rim, seed 1, bf16 | 3.00 | 4.00 | – | – | – | – | 4.00 | 4.00 | 2 | 2,000 of 6,900 | 911 | 20 s |

All these runs share this; what differs stands with each run:

- Command: \`npm run ppo -- --game Breakout --steps 6900\`
- Preprocessing: gray, max of two frames, 84x84
- Network: 10 parameters
- Machine: Abacus, 4 cores, 8 GiB, linux x64, 2 threads
- Software: ale 0.12.1
- Begun: 2026-01-31

## Memory

![Resident memory against agent steps](p/memory.svg)

Resident memory of the process (of a resumed run, the last) from the end of its first minute on. The three
values are medians: over the first tenth of the updates since then, the tenth after the middle, and the last tenth.
Growth compares the last with the first, and with the middle. The largest value is that after any update of the whole
run, and so is the number of tensors alive.

| run | agent steps | MiB after 1 minute | halfway | at the end | growth | since halfway | largest | tensors |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| Breakout, rim, seed 1, float32 | 6,000 to 6,900 | 100 | 101 | 102 | +2.0 % | +1.0 % | 110 | 20 to 27 |
| Breakout, rim, seed 1, bf16 | – | – | – | – | – | – | 100 | 20 to 27 |

## Breakout, rim, seed 1, float32

- Software: kernels native (avx2)

Share of steps in which each module was active, in the games that ended in the stretch up to each agent step:

| module | 1k | 2k | 3k | 4k | 5k | 6k |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
| 0 | 0.25 | 0.25 | 0.25 | 0.25 | 0.25 | 0.25 |
| 1 | 0.75 | 0.75 | 0.75 | 0.75 | 0.75 | 0.75 |

Norm of the gradient with respect to each parameter of the core, at 2 checkpoints:

|  | rnnBias | commKey |
| --- | ---: | ---: |
| smallest | 2.0e-2 | 1.0e+0 |
| largest | 5.0e-1 | 3.0e+0 |

## Breakout, rim, seed 1, bf16

- Command: \`--precision bf16\`
- Software: kernels native (avx2), bf16 products

Share of steps in which each module was active, in the games that ended in the stretch up to each agent step:

| module | 200 | 400 | 600 | 800 | 1k | 1.2k | 1.4k | 1.6k | 1.8k | 2k |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
| 0 | – | – | – | – | 1.00 | – | – | – | – | 1.00 |
| 1 | – | – | – | – | 0.00 | – | – | – | – | 0.00 |

Norm of the gradient with respect to each parameter of the core, at 2 checkpoints:

|  | rnnBias | commKey |
| --- | ---: | ---: |
| smallest | 2.0e-2 | 1.0e+0 |
| largest | 5.0e-1 | 3.0e+0 |`,
  );
});

test('runs of different lengths are said not to compare at equal steps, if their learning rate falls', (context) => {
  const short = makeRun(context, { options: { anneal: true } });
  const long = makeRun(context, { options: { steps: 1e6, anneal: true } });
  const steady = makeRun(context, { options: { steps: 1e6, anneal: false } });
  const said = /planned for different numbers of steps/;
  assert.match(runReport(readRuns([short, long])), said);
  assert.doesNotMatch(runReport(readRuns([short, short])), said);
  assert.doesNotMatch(runReport(readRuns([steady])), said);
});

test('a resumed run says where it was resumed, and what was changed', (context) => {
  const path = makeRun(context, { updates: 20 });
  const resumes = [{ agentStep: 512 }, { agentStep: 1024, changed: { steps: [2048, 4096], threads: [2, 1] } }];
  const lines = resumes.map((resume) => `${JSON.stringify({ msg: 'resumed', ...resume })}\n`);
  writeFileSync(join(path, 'log.jsonl'), lines.join(''));
  const said = /^- Resumed at agent step: 512, 1,024 \(steps 2048 to 4096, threads 2 to 1\)$/m;
  assert.match(runReport(readRuns([path])), said);
});

test('one run that has just begun has a report too, without side by side', (context) => {
  const report = runReport(readRuns([makeRun(context, {})]));
  assert.match(report, /^## Scores\n/);
  assert.match(report, /\nHow the run came about:\n\n- Command: `npm run ppo -- --game Breakout --steps 6900`\n/);
  assert.match(report, /\n\| Breakout, rim, seed 1 \| – \| – \| 0 \| 0 of 6,900 \| – \| 0 s \|\n/);
  assert.match(report, /\n## Breakout, rim, seed 1\n\nNo finished game yet\.\n\nNo checkpoint after an update yet\.$/);
});
