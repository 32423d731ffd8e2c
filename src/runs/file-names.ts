/** Names within a run folder. TensorBoard knows event files by "tfevents". */
export const fileNames = {
  config: 'config.json',
  episodes: 'episodes.jsonl',
  metrics: 'metrics.jsonl',
  evaluations: 'evaluations.jsonl',
  result: 'result.json',
  sample: 'sample.json',
  log: 'log.jsonl',
  events: 'tensorboard/events.out.tfevents.1.rim-agents',
  checkpoint: 'checkpoint.msgpack',
  agent: 'agent',
  claim: 'run.pid',
} as const;

/** Messages of log.jsonl that are read again. */
export const logMessages = { saved: 'checkpoint saved', resumed: 'resumed' } as const;
