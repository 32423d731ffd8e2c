import type { Box, EnvMetadata, RenderFrame } from 'gym-js';
import { EpisodicEnv } from '../episodic-env.ts';
import { requireOneOf } from '../ranges.ts';

export interface RenderOptions {
  /** `rgb_array` for pictures by `render()`; default none. */
  renderMode?: string | undefined;
}

/** What classic control has in common: observations of a few float32, and a picture. */
export abstract class ClassicEnv<Action, Episode extends object> extends EpisodicEnv<Float32Array, Action, Episode> {
  abstract override readonly observationSpace: Box;
  abstract readonly metadata: EnvMetadata;
  readonly renderMode: string | undefined;

  /** Throws UserError for a render mode that there is not. */
  constructor({ renderMode }: RenderOptions) {
    super();
    requireOneOf('renderMode', renderMode, ['rgb_array', undefined]);
    this.renderMode = renderMode;
  }

  protected abstract draw(episode: Episode): RenderFrame;

  /** The environment as it is, red, green and blue; undefined without a render mode or before the first reset. */
  render(): RenderFrame | undefined {
    const { current, renderMode } = this;
    return renderMode === undefined || !current ? undefined : this.draw(current);
  }
}

/** @param renderFps frames per second at which steps look natural */
export function pictured(renderFps: number): EnvMetadata {
  return { renderModes: ['rgb_array'], renderFps };
}
