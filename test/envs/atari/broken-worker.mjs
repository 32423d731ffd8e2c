// A worker's entry that breaks: BREAK says how, BREAK_AFTER after how many steps of its environments, BREAK_WORKER
// which worker alone, if any.
import { BroadcastChannel, workerData } from 'node:worker_threads';
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
    const channel = new BroadcastChannel('worker breaks');
    channel.postMessage(how);
    for (;;);
  },
};

if (how === 'load') throw new Error('no such thing');
if (how === 'hang at load') breakNow.hang();
const { AtariGame } = await import('../../../envs/atari/atari-game.ts');
const { step, save } = AtariGame.prototype;
let left = Number(process.env.BREAK_AFTER);
AtariGame.prototype.step = function (action) {
  if (left-- === 0) breakNow[how]?.();
  step.call(this, action);
};
AtariGame.prototype.save = function () {
  if (how === 'hang at save') breakNow.hang();
  return save.call(this);
};
await import('../../../envs/atari/worker.ts');
