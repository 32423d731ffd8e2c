import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { z } from 'zod';
import { fileNames } from '../runs/file-names.ts';
import { readJson } from '../runs/json-files.ts';
import type { TaskRunData } from '../runs/task-runs.ts';
import { paperTables } from '../tables/published/index.ts';
import { ballSamples } from '../tasks/balls/ball-sample.ts';
import { ballGif } from './ball-gif.ts';
import { ballStrip } from './ball-strip.ts';
import { imageModulesPicture } from './image-modules.ts';
import { addingPicture, copyingPicture, languagePicture } from './module-timelines.ts';
import { resolutionPicture } from './resolution-picture.ts';
import { type RolloutErrors, rolloutErrorPicture } from './rollout-error.ts';
import { addingSample, copyingSample, imageSample, languageSample } from '../tasks/samples.ts';
import { type Arm, armsOf } from '../tables/task-arms.ts';
import { curveFigures, taskCurvesPicture } from './task-curves.ts';

/** A figure that can be written. */
interface TaskFigure {
  /** Of its file, without the ending. */
  readonly name: string;
  /** As SVG, or as an animated GIF. */
  readonly draw: () => string | Promise<Uint8Array>;
}

/** One kind of figure of one task, with those that there are runs for. */
export interface FigureKind {
  readonly task: string;
  /** What it shows. */
  readonly shows: string;
  readonly figures: readonly TaskFigure[];
  /** What a run must have for it, where there is none. */
  readonly needs: string;
}

/** All figures of a task that these runs can fill. */
export function taskFigures(task: string, all: readonly TaskRunData[]): FigureKind[] {
  const runs = all.filter(({ config }) => config.task === task);
  const evaluated = armsOf(
    task,
    runs.filter(({ evaluations }) => evaluations.length > 0),
  );
  const finished = armsOf(
    task,
    runs.filter(({ result }) => result),
  );
  const kinds: FigureKind[] = [curves(task, evaluated)];
  if (task === 'copying') kinds.push(modules(task, finished, copyingSample, copyingPicture));
  if (task === 'adding') kinds.push(modules(task, finished, addingSample, addingPicture));
  if (task === 'language-model') kinds.push(modules(task, finished, languageSample, languagePicture));
  const table = paperTables.find(({ name }) => name === task);
  if (task.startsWith('sequential-') && table) {
    const picture: TaskFigure = { name: `${task}-resolution`, draw: () => resolutionPicture(finished, table) };
    kinds.push(
      modules(task, finished, imageSample, (sample, arm) => imageModulesPicture(sample, table.title, arm)),
      kind(task, 'accuracy against resolution', finished.length > 0 ? [picture] : []),
    );
  }
  if (task === 'bouncing-balls') kinds.push(rolloutErrors(finished), rollouts(finished));
  return kinds;
}

function kind(task: string, shows: string, figures: readonly TaskFigure[], needs = 'finished run'): FigureKind {
  return { task, shows, figures, needs };
}

function curves(task: string, arms: readonly Arm[]): FigureKind {
  const figure = curveFigures[task];
  const name = `${task}-${figure?.metric === 'perplexity' ? 'perplexity' : 'learning'}`;
  const drawn = figure && arms.length > 0 ? [{ name, draw: () => taskCurvesPicture(arms, figure) }] : [];
  return kind(task, figure?.metric === 'perplexity' ? 'perplexity while learning' : 'learning curves', drawn, 'run');
}

/** Of each arm whose core is made of modules, the example of its first seed. */
function modules<Sample extends { active?: number[][] | undefined }>(
  task: string,
  arms: readonly Arm[],
  schema: z.ZodType<Sample>,
  picture: (sample: Sample & { active: number[][] }, name: string) => string,
): FigureKind {
  const figures = arms.flatMap((arm) => {
    const sample = firstSample(arm, schema);
    if (!sample?.active) return [];
    const { active } = sample;
    return [{ name: `${task}-modules-${slug(arm.name)}`, draw: () => picture({ ...sample, active }, arm.name) }];
  });
  return kind(task, 'modules over time', figures, 'finished run of rim or brim');
}

function rolloutErrors(arms: readonly Arm[]): FigureKind {
  const networks = arms.map(({ name, runs }): RolloutErrors => {
    const tested = runs.map(({ result }) => result?.selections['validation']?.tests ?? {});
    const sets = Object.keys(tested[0] ?? {});
    return {
      name,
      sets: Object.fromEntries(
        sets.map((set) => [set, tested.map((tests) => numbers(tests[set]?.metrics['rolloutCrossEntropy']))]),
      ),
    };
  });
  const seen = arms.map((arm) => firstSample(arm, ballSamples)?.videos[0]?.seen).find((frames) => frames !== undefined);
  const draw = (): string => rolloutErrorPicture(networks, seen ?? 0, 'cross-entropy, in nats per frame');
  return kind(
    'bouncing-balls',
    'rollout error',
    arms.length > 0 ? [{ name: 'bouncing-balls-rollout-error', draw }] : [],
  );
}

function rollouts(arms: readonly Arm[]): FigureKind {
  const figures = arms.flatMap((arm) =>
    (firstSample(arm, ballSamples)?.videos ?? []).flatMap((video): TaskFigure[] => {
      const name = `bouncing-balls-${video.scene}-${slug(arm.name)}`;
      return [
        { name, draw: () => ballStrip(video, arm.name) },
        { name, draw: () => ballGif(video) },
      ];
    }),
  );
  return kind('bouncing-balls', 'true and rolled-out balls', figures);
}

function firstSample<Sample>({ runs }: Arm, schema: z.ZodType<Sample>): Sample | undefined {
  const [run] = runs;
  return run && readJson(join(run.path, fileNames.sample), schema);
}

function numbers(values: number | null | readonly (number | null)[] | undefined): number[] {
  return Array.isArray(values) ? values.map((value: number | null) => value ?? NaN) : [];
}

/** A name as a part of a file's: what is too long for one ends in a hash of the whole. */
function slug(name: string): string {
  const words = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  const most = 100;
  return words.length <= most
    ? words
    : `${words.slice(0, most)}-${createHash('sha256').update(words).digest('hex').slice(0, 8)}`;
}
