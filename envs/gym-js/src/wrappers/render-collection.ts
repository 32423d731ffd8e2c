import type { Env, EnvMetadata, RenderFrame, RenderResult, ResetOptions, ResetResult, StepResult } from '../env.ts';
import { Wrapper } from './wrapper.ts';

export interface RenderCollectionOptions {
  /** `render` gives each frame once; default true. */
  popFrames?: boolean;
  /** `reset` forgets the frames; default true. */
  resetClean?: boolean;
}

/**
 * Renders after every reset and step; `render` gives the list of these frames (gymnasium.wrappers.RenderCollection).
 * `make` puts it around an environment for a render mode that ends in `_list`.
 */
export class RenderCollection<Observation, Action> extends Wrapper<Observation, Action> {
  static override readonly entryPoint: string = 'gym-js:RenderCollection';
  private readonly popFrames: boolean;
  private readonly resetClean: boolean;
  private frames: (RenderFrame | string)[] = [];

  /** Throws Error where the environment does not render, or renders lists already. */
  constructor(env: Env<Observation, Action>, { popFrames = true, resetClean = true }: RenderCollectionOptions = {}) {
    super(env, { popFrames, resetClean });
    if (env.renderMode === undefined || env.renderMode.endsWith('_list')) {
      throw new Error(`RenderCollection: render mode ${env.renderMode} does not give single frames`);
    }
    this.popFrames = popFrames;
    this.resetClean = resetClean;
  }

  override get renderMode(): string {
    return `${this.env.renderMode}_list`;
  }

  override get metadata(): EnvMetadata {
    const modes = super.metadata.renderModes ?? [];
    return { ...super.metadata, renderModes: [...new Set([...modes, this.renderMode])] };
  }

  override reset(options?: ResetOptions): ResetResult<Observation> {
    const result = this.env.reset(options);
    if (this.resetClean) this.frames = [];
    this.collect();
    return result;
  }

  override step(action: Action): StepResult<Observation> {
    const result = this.env.step(action);
    this.collect();
    return result;
  }

  override render(): RenderResult {
    const { frames } = this;
    if (this.popFrames) this.frames = [];
    return [...frames];
  }

  private collect(): void {
    const frame = super.render();
    if (typeof frame === 'string' || (frame && !Array.isArray(frame))) this.frames.push(frame);
  }
}
