// What the page runs.
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { loadAle } from 'ale-wasm';
import { Agent } from 'rim-agents';
import { type Game, play } from './play.ts';

/** What TensorFlow's files and ALE's are called on the server. */
setWasmPaths('/tfjs-wasm/');

async function playInPage(path: string, seed: number): Promise<Game & { readonly backend: string }> {
  await tf.setBackend('wasm');
  const game = await play(path, seed, await loadAle({ directory: '/ale/' }));
  return { ...game, backend: tf.getBackend() };
}

/** What is said where an agent cannot be loaded. */
const refusal = (path: string): Promise<string> => Agent.load(path).then(() => 'loaded', String);

export type Page = typeof globalThis & { playInPage: typeof playInPage; refusal: typeof refusal };
Object.assign(globalThis, { playInPage, refusal });
