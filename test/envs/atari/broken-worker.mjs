// A worker's entry that breaks: BREAK says how, BREAK_AFTER after how many steps of its environments, BREAK_WORKER
// which worker alone, if any.
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
const { BREAK_WORKER: which } = process.env;
const how = which === undefined || Number(which) === workerData.worker ? process.env.BREAK : undefined;
const breakNow = {
  throw() {
    throw new Error('the cartridge melted\n  and more lines');
  },
  exit() {
    process.exit(7);
  },
  hang() {
    for (;;);
  },
}[how];

if (how === 'load') throw new Error('no such thing');
if (how === 'hang at load') for (;;);
const { AtariGame } = await import('../../../envs/atari/atari-game.ts');
const { step } = AtariGame.prototype;
let left = Number(process.env.BREAK_AFTER);
AtariGame.prototype.step = function (action) {
  if (left-- === 0) breakNow?.();
  step.call(this, action);
};
await import('../../../envs/atari/worker.ts');
