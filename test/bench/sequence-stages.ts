import { Optimiser, newOptimiserState } from '../../agents/optimiser.ts';
import type { Kernels } from '../../agents/kernels/index.ts';
import { Random } from '../../agents/random.ts';
import { copying } from '../../src/tasks/copying.ts';
import { ImageExperiment } from '../../src/tasks/image-experiment.ts';
import { imageOptions } from '../../src/tasks/image-settings.ts';
import { sequentialMnist } from '../../src/tasks/sequential-mnist.ts';
import type { TrainingSettings } from '../../src/tasks/settings.ts';
import type { Experiment } from '../../src/tasks/task.ts';
import type { Stage } from './stopwatch.ts';

/** One training: its steps, and how many parameters its network has. */
interface Training extends Stage {
  readonly parameters: number;
}

/** As `peers/sequence.py` names them: a task and a core. */
const cores = ['rim', 'lstm'] as const;

/** Trainings of our tasks with the tasks' own settings, by name. TensorFlow must be loaded. */
export async function ourTrainings(kernels: Kernels): Promise<Map<string, Training>> {
  const trainings = new Map<string, Training>();
  for (const core of cores) {
    const settings = copying.settings.parse({ core }) as TrainingSettings;
    trainings.set(`copying ${core}`, training(await copying.open(settings, kernels), settings, kernels));
  }
  for (const core of cores) {
    const settings = sequentialMnist.settings.parse({ core });
    const experiment = new ImageExperiment(
      imageOptions(settings as Parameters<typeof imageOptions>[0], 2),
      images(),
      kernels,
    );
    trainings.set(`sequential-mnist ${core}`, training(experiment, settings as TrainingSettings, kernels));
  }
  return trainings;
}

/** Training steps as the trainer makes them: a batch drawn, forward, backward, clipping, Adam. */
function training(experiment: Experiment, settings: TrainingSettings, kernels: Kernels): Training {
  const random = new Random(1);
  const optimiser = new Optimiser(experiment.layout, kernels, settings, newOptimiserState(experiment.layout, random));
  const run = (): void => {
    const batch = experiment.nextBatch(random);
    const dropoutSeed = random.integer(2 ** 32);
    optimiser.step((parameters) => experiment.loss(parameters, batch, dropoutSeed), settings.learningRate);
  };
  return { run, parts: 1, parameters: experiment.layout.size };
}

/** Random bits in place of MNIST's training images: what they show does not matter for speed. */
function images(): ConstructorParameters<typeof ImageExperiment>[1] {
  const random = new Random(2);
  const [count, side] = [11_400, 14];
  const pixels = Uint8Array.from({ length: count * side * side }, () => 255 * random.integer(2));
  const train = {
    count,
    side,
    channels: 1,
    pixels,
    labels: Uint8Array.from({ length: count }, () => random.integer(10)),
  };
  return { name: 'random', train, test: train };
}
