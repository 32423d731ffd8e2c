import * as tf from '@tensorflow/tfjs';
import type { ActorCritic } from '../../agents/actor-critic.ts';
import type { AgentDescription } from '../../agents/bundle/manifest.ts';
import type { Kernels } from '../../agents/kernels/index.ts';
import { newOptimiserState } from '../../agents/optimiser.ts';
import { Random } from '../../agents/random.ts';
import type { FinishedGame, RolloutEnvironment } from '../../envs/rollout-environment.ts';
import { ActivationRecorder } from '../activation/by-game.ts';
import type { ActivationStatistics } from '../activation/forms.ts';
import { logMessages } from '../runs/file-names.ts';
import { type CheckpointState, type PlayState, type RunFolder, scoreWindow } from '../runs/index.ts';
import type { PpoOptions } from './config.ts';
import { Learner, type UpdateStatistics } from './learner.ts';
import { Collector } from './rollout.ts';
import { StageClock, stages } from './stage-clock.ts';

/** What the screen is told after each update. */
export interface Progress {
  /** Agent steps over all environments, done and wanted. */
  readonly agentStep: number;
  readonly steps: number;
  /** Seconds of training since the run's start, of all the times it was started. */
  readonly seconds: number;
  /** Agent steps per second of the last update. */
  readonly stepsPerSecond: number;
  readonly games: number;
  /** Mean score of the last 100 games, or of as many as there were; null before the first. */
  readonly meanScore: number | null;
  /** Of all steps since the last progress. */
  readonly activation: ActivationStatistics;
}

export interface Training {
  readonly options: PpoOptions;
  readonly env: RolloutEnvironment;
  readonly agent: ActorCritic;
  readonly kernels: Kernels;
  readonly folder: RunFolder;
  /** What the policy's own files say of it. */
  readonly description: AgentDescription;
  /** Where to go on; a new run if not given. */
  readonly checkpoint?: CheckpointState;
  readonly report: (progress: Progress) => void;
  /** Once aborted, training stops after the update under way, with a checkpoint. */
  readonly signal: AbortSignal;
}

/**
 * Trains until `options.steps` agent steps are made (rounded up to whole rollouts) or the signal
 * comes, and leaves all in the run folder.
 * @returns the last progress
 * @throws UserError where the loss is not a number, or the disk or a worker fails; the run folder then has the last
 *   checkpoint, from which the run can go on
 */
export async function train(training: Training): Promise<Progress> {
  const trainer = new Trainer(training);
  try {
    return await trainer.run();
  } finally {
    trainer.dispose();
  }
}

class Trainer {
  readonly #training: Training;
  readonly #random: Random;
  readonly #learner: Learner;
  readonly #collector: Collector;
  readonly #activation: ActivationRecorder;
  readonly #clock = new StageClock();
  readonly #startedAt = performance.now();
  /** Seconds that the run took before it was resumed. */
  readonly #secondsBefore: number;
  /** When the last line of metrics was made; its stages' shares are of the time since the one before. */
  #loggedAt = this.#startedAt;
  #learningRate = 0;
  #update: number;
  #agentStep: number;
  #games: number;
  #recentScores: number[];

  constructor(training: Training) {
    const { agent, env, kernels, options, checkpoint } = training;
    this.#training = training;
    this.#random = new Random(options.seed);
    if (checkpoint) this.#random.restore(checkpoint.random.run);
    const start = checkpoint ?? newOptimiserState(agent.layout, this.#random);
    this.#learner = new Learner(agent, kernels, options, this.#random, start);
    this.#activation = new ActivationRecorder(agent.core, env.count);
    this.#collector = new Collector(env, agent, this.#random, {
      played: (firstEnv, decision) => this.#activation.add(firstEnv, decision),
      finished: (game) => this.#gameFinished(game),
    });
    this.#secondsBefore = checkpoint?.seconds ?? 0;
    this.#update = checkpoint?.update ?? 0;
    this.#agentStep = checkpoint?.agentStep ?? 0;
    this.#games = checkpoint?.games ?? 0;
    this.#recentScores = [...(checkpoint?.recentScores ?? [])];
  }

  async run(): Promise<Progress> {
    const { env, folder, options, report, signal, checkpoint } = this.#training;
    let progress = this.#progress(0);
    this.#clock.enter('wait');
    if (checkpoint?.play) await this.#restore(checkpoint.play);
    else await env.reset();
    this.#clock.enter('store');
    if (!checkpoint) await this.#save(); // so that even a run stopped in its first update can go on
    while (this.#agentStep < options.steps && !signal.aborted) {
      const started = performance.now();
      const statistics = await this.#updateOnce();
      this.#clock.enter('store');
      const stepsPerSecond = (env.count * env.rolloutSteps) / ((performance.now() - started) / 1000);
      progress = this.#progress(stepsPerSecond);
      this.#log(statistics, progress);
      report(progress);
      if (this.#update % options.checkpointEvery === 0) await this.#save();
      else folder.flush();
    }
    if (this.#update % options.checkpointEvery !== 0) await this.#save();
    return progress;
  }

  /** Frees what it holds in TensorFlow. */
  dispose(): void {
    this.#learner.dispose();
  }

  /** One rollout and what is learned from it. */
  async #updateOnce(): Promise<UpdateStatistics> {
    const { env } = this.#training;
    const rollout = await this.#collector.collect(this.#learner.parameters, this.#clock);
    this.#clock.enter('learn');
    this.#learningRate = this.#annealed();
    const statistics = await this.#learner.update(env, rollout, this.#learningRate);
    env.rollover();
    this.#agentStep += env.count * env.rolloutSteps;
    this.#update += 1;
    return statistics;
  }

  /** Falls linearly from the first update's full rate to 0 after the last. */
  #annealed(): number {
    const { options, env } = this.#training;
    const updates = Math.ceil(options.steps / (env.count * env.rolloutSteps));
    return options.anneal ? options.learningRate * (1 - this.#update / updates) : options.learningRate;
  }

  #gameFinished(game: FinishedGame): void {
    const { folder, env } = this.#training;
    const { endStep, ...told } = game;
    this.#games += 1;
    this.#recentScores = [...this.#recentScores, game.score].slice(-scoreWindow);
    const agentStep = this.#agentStep + (endStep + 1) * env.count;
    const { statistics: activation } = this.#activation.finish(game.env);
    folder.episode({ agentStep, ...told, seconds: this.#seconds(), activation });
  }

  #log(statistics: UpdateStatistics, progress: Progress): void {
    const { agentStep, seconds, games, meanScore, stepsPerSecond, activation } = progress;
    const spent = this.#clock.take();
    const now = performance.now();
    const passed = (now - this.#loggedAt) / 1000;
    this.#loggedAt = now;
    const { rss, heapUsed } = process.memoryUsage();
    this.#training.folder.metric({
      update: this.#update,
      agentStep,
      seconds,
      games,
      meanScore,
      ...statistics,
      learningRate: this.#learningRate,
      stepsPerSecond,
      stages: Object.fromEntries(stages.map((stage) => [stage, spent[stage] / passed])),
      memory: { rssBytes: rss, heapBytes: heapUsed, tensors: tf.memory().numTensors },
      activation,
    });
  }

  #progress(stepsPerSecond: number): Progress {
    const scores = this.#recentScores;
    return {
      agentStep: this.#agentStep,
      steps: this.#training.options.steps,
      seconds: this.#seconds(),
      stepsPerSecond,
      games: this.#games,
      meanScore: scores.length > 0 ? scores.reduce((a, b) => a + b, 0) / scores.length : null,
      activation: this.#activation.take(),
    };
  }

  /** All games go on where they were. */
  async #restore(play: PlayState): Promise<void> {
    this.#collector.restore(play);
    this.#activation.restore(play.activation);
    await this.#training.env.restore(play.environments);
  }

  /** The policy alone, the checkpoint, and how much gradient each parameter got last. */
  async #save(): Promise<void> {
    const { folder, agent, env, description } = this.#training;
    const state = this.#learner.state();
    const [update, agentStep] = [this.#update, this.#agentStep];
    const environments = await env.save();
    folder.saveAgent(description, agent.layout, { parameters: state.parameters, agentStep, update });
    folder.saveCheckpoint({
      ...state,
      update,
      agentStep,
      random: { run: this.#random.save() },
      seconds: this.#seconds(),
      games: this.#games,
      recentScores: this.#recentScores,
      play: { environments, ...this.#collector.save(), activation: this.#activation.save() },
    });
    folder.log.info({ update, agentStep, gradientNorms: this.#learner.gradientNorms() }, logMessages.saved);
  }

  /** Seconds of training so far, of all the times the run was started. */
  #seconds(): number {
    return this.#secondsBefore + (performance.now() - this.#startedAt) / 1000;
  }
}
