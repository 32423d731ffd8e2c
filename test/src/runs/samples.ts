import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Checkpoint, CheckpointState } from '../../../src/runs/checkpoint.ts';
import type { RunSettings } from '../../../src/runs/config.ts';
import type { EpisodeLine, MetricLine } from '../../../src/runs/lines.ts';
import { readRun } from '../../../src/runs/saved-run.ts';

/** An empty folder that is gone after the test. */
export function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'rim-agents-test-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Every file of a folder with its content. */
export function contents(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );
  return new Map(names.sort().map((name) => [name, readFileSync(join(folder, name), 'latin1')]));
}

/** Number of parameters of the sample network. */
const parameters = 10;

export const settings: RunSettings = {
  command: 'npm run ppo -- --game Breakout',
  options: { game: 'Breakout', core: 'rim', seed: 1, steps: 4096 },
  environment: {
    recipe: 'gray, max of two frames, 84x84',
    actions: 4,
    actionMeanings: ['NOOP', 'FIRE', 'RIGHT', 'LEFT'],
    observationShape: [84, 84, 4],
    observationType: 'uint8',
  },
  agent: { features: 510, core: { kind: 'rim', modules: 2 } },
  parameters,
  versions: { ale: '0.12.1' },
};

export function sampleEpisode(agentStep: number, score: number, steps = 250): EpisodeLine {
  const shares = score % 2 ? [1, 0] : [0.25, 0.75];
  return {
    env: 3,
    seed: 77,
    agentStep,
    score,
    steps,
    frames: 4 * steps,
    livesLost: 5,
    truncated: false,
    seconds: agentStep / 1000,
    activation: {
      modules: 2,
      active: 1,
      shares,
      attention: [0.5, 0.25],
      entropy: 0.5,
      swaps: 0.25,
      neverChosen: [],
      nearZero: 0.125,
    },
  };
}

export function sampleMetric(update: number): MetricLine {
  return {
    update,
    agentStep: update * 1024,
    seconds: update,
    games: update * 2,
    meanScore: 1.5,
    policyLoss: -0.01,
    valueLoss: 0.5,
    entropy: 1.25,
    approxKl: 0.001,
    clipFraction: 0.1,
    explainedVariance: 0.75,
    gradientNorm: 0.5,
    learningRate: 2.5e-4,
    stepsPerSecond: 1024,
    stages: { act: 0.25, learn: 0.75 },
    memory: { rssBytes: 1e9, tensors: 60 },
    activation: sampleEpisode(0, 0).activation,
  };
}

export function sampleState(update: number): CheckpointState {
  const vector = (scale: number): Float32Array =>
    Float32Array.from({ length: parameters }, (_, i) => scale * (i - 4.1) * update);
  return {
    update,
    agentStep: update * 1024,
    adamStep: update * 16,
    parameters: vector(1),
    m: vector(0.1),
    v: vector(0.01),
    random: { run: [5489, -1, 2 ** 31 - 1, -(2 ** 31)] },
    seconds: update * 0.75,
    recentScores: [0, 1.5, -3],
    games: update * 2,
    play: {
      environments: Uint8Array.of(update, 2, 3),
      states: [Float32Array.of(0.1, -update), Float32Array.of(0, 1)],
      keep: Float32Array.of(0, 1),
      activation: {
        games: [0, 1].map((env) => ({
          ...{ steps: update + env, nearZero: env, swaps: 0, changes: env },
          ...{ active: Float64Array.of(env, update), attention: Float64Array.of(0.25, env) },
        })),
        previous: Uint8Array.of(1, 0, 0, 1),
      },
    },
  };
}

/** The checkpoint with which a run would go on. */
export function checkpointOf(path: string): Checkpoint {
  return readRun(path).found?.content as Checkpoint;
}

/** The text of a program, for a process of its own, that has the run folder's code and the samples at hand. */
export function script(body: string): string {
  const source = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
  return `
    import { RunFolder } from ${source('../../../src/runs/run-folder.ts')};
    import { runCommand } from ${source('../../../src/cli/main.ts')};
    import { sampleEpisode, sampleMetric, sampleState, settings } from ${source('./samples.ts')};
    ${body}`;
}
