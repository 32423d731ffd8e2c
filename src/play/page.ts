/*
 * The page that `npm run play` serves: an agent plays one game of Atari after the other.
 */
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { loadAle } from 'ale-wasm';
import type { RenderFrame } from 'gym-js';
import { Agent, environmentOf, Random } from '../browser.ts';

const find = <E extends Element>(selector: string): E => document.querySelector(selector) as E;
const status = find<HTMLElement>('#status');
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

try {
  await play();
} catch (error) {
  status.textContent = error instanceof Error ? error.message : String(error);
}

async function play(): Promise<void> {
  setWasmPaths('/tfjs/');
  await tf.setBackend('wasm');
  const agent = await Agent.load('/run');
  const { environment, agent: network } = agent.manifest;
  find('h1').textContent = `${environment.game}: ${network.core.kind}, ${agent.agentStep} steps`;
  const ale = await loadAle({ directory: '/ale/' });
  const env = await environmentOf(agent.manifest, { ale, renderMode: 'rgb_array' });
  const random = new Random(1);
  const milliseconds = (Number(environment.settings.frameSkip) * 1000) / 60;
  let { observation } = env.reset({ seed: 1 });
  let state = agent.initialState();
  const scores: number[] = [];
  for (;;) {
    const begun = performance.now();
    const { action, activation, ...next } = agent.act(
      observation,
      state,
      find<HTMLInputElement>('input').checked ? { random } : {},
    );
    const result = env.step(action);
    ({ observation } = result);
    ({ state } = next);
    const { terminated, truncated, info } = result;
    draw(env.render?.() as RenderFrame);
    showModules(activation?.active);
    status.textContent =
      `score ${String(info.score)} · ${environment.actionMeanings[action]}` +
      (scores.length > 0 ? ` · games before: ${scores.join(', ')}` : '');
    if (terminated || truncated) {
      if (truncated || info.lives === 0) scores.push(Number(info.score));
      ({ observation } = env.reset());
      state = agent.initialState();
    }
    await pause(Math.max(0, milliseconds - (performance.now() - begun)));
  }
}

function draw({ data, width, height }: RenderFrame): void {
  const canvas = find<HTMLCanvasElement>('canvas');
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const pixels = new ImageData(width, height);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < 3; channel++) pixels.data[4 * pixel + channel] = data[3 * pixel + channel] ?? 0;
    pixels.data[4 * pixel + 3] = 255;
  }
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
}

/** Which modules are active, of cores that have them. */
function showModules(active: Float32Array = new Float32Array()): void {
  const marks = Array.from(active, (on, module) => {
    const mark = document.createElement('span');
    mark.textContent = `${module}`;
    mark.classList.toggle('active', on > 0);
    return mark;
  });
  find('#modules').replaceChildren(...marks);
}
