// What a worker thread runs first where this package is run from its TypeScript source: threads do not take over the
// main thread's loader.
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
