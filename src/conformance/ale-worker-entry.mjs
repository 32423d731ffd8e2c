// What a worker thread runs first: threads do not take over the main thread's TypeScript loader.
import { register } from 'tsx/esm/api';

register();
await import('./ale-worker.ts');
