// What the worker runs; import maps do not reach workers, so `ale-wasm` is bundled into it.
import { doTask, type PlayTask } from './tasks.ts';

onmessage = ({ data }: MessageEvent<PlayTask>) => void doTask(data).catch(String).then(postMessage);
