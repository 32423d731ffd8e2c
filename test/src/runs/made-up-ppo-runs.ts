import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withPreset } from '../../../src/environments/atari-settings.ts';
import { ppoOptions } from '../../../src/ppo/config.ts';
import { RunFolder } from '../../../src/runs/run-folder.ts';
import { sampleEpisode, sampleMetric, settings } from './samples.ts';

export interface MadeUp {
  /** What of PPO's settings is not the default. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Of games that end evenly over the steps. */
  readonly scores?: readonly number[];
  /** Agent steps that it has made; all that it was to make, if not given. */
  readonly made?: number;
  /** Those in its checkpoint; all that it has made, if not given. */
  readonly saved?: number;
  readonly recipe?: string;
  readonly versions?: Readonly<Record<string, string>>;
}

/** A run folder without any training. @returns its path */
export function madeUpRun(path: string, made: MadeUp = {}): string {
  const options = ppoOptions.parse(withPreset({ game: 'Breakout', steps: 4096, ...made.options }));
  const { steps } = options;
  const { scores = [1, 2, 3], made: agentStep = steps, recipe = 'gray', versions = settings.versions } = made;
  const folder = RunFolder.create(path, settings);
  for (const [i, score] of scores.entries())
    folder.episode(sampleEpisode(Math.round(((i + 1) * agentStep) / scores.length), score));
  if (agentStep > 0) folder.metric({ ...sampleMetric(1), agentStep, seconds: agentStep / 100 });
  const saved = made.saved ?? agentStep;
  folder.log.info({ update: 1, agentStep: saved, gradientNorms: {} }, 'checkpoint saved');
  folder.close();
  const units = { kind: 'lstm', units: 16 };
  const config = {
    ...{ format: 1, created: '2026-01-31T23:59:59.000Z', ...settings, options, versions },
    environment: { ...settings.environment, recipe },
    agent: { observationShape: [84, 84, 4], observationType: 'uint8', actions: 4, features: 32, core: units },
    processor: { model: 'Abacus', cores: 4, memoryBytes: 8 * 2 ** 30, platform: 'linux x64' },
  };
  writeFileSync(join(path, 'config.json'), JSON.stringify(config));
  return path;
}
