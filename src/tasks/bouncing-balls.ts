import { z } from 'zod';
import { coreOptions, coreSettings, mnistLayers } from '../settings/core-settings.ts';
import { setting } from '../settings/setting.ts';
import { massKinds, scenes } from './data/bouncing-balls.ts';
import { trainingSettings } from './settings.ts';
import type { Task } from './task.ts';

const goyal = 'Goyal et al. 2019';

const { core, ...network } = coreSettings({
  core: 'rim',
  ...{ modules: 6, units: 85, active: 4, hidden: 512, layers: mnistLayers.layers, commKey: 32, commValue: 32 },
  ...{ dropout: 0, sources: { sizes: `${goyal}, Atari`, layers: mnistLayers.source } },
});

const settings = z.strictObject({
  core,
  ...trainingSettings({
    updates: 8000,
    batch: 16,
    learningRate: 7e-4,
    maxGradNorm: 1,
    evaluateEvery: 500,
    patience: 6,
    sources: { learningRate: goyal },
  }),
  trainScene: setting(z.enum(scenes).default('4balls'), {
    group: 'task',
    text: 'videos that are learned from: 4 balls, 6 to 8 of them, or 3 and a curtain that hides a part of the box',
    source: goyal,
  }),
  masses: setting(z.enum(massKinds).default('equal'), {
    group: 'task',
    text: 'unequal: balls of several sizes, their masses as their areas',
    source: 'van Steenkiste et al. 2018',
  }),
  ...network,
});

export const bouncingBalls: Task = {
  name: 'bouncing-balls',
  summary: 'predict the next frame of balls that bounce in a box, then go on without seeing; be tested on more balls',
  settings,
  async open(given, kernels) {
    const { BallExperiment } = await import('./ball-experiment.ts');
    const parsed = settings.parse(given);
    return new BallExperiment({ ...parsed, core: coreOptions(parsed) }, kernels);
  },
};
