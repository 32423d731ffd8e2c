/** Names of a bundle's two files. */
export const bundleFiles = { manifest: 'agent.json', weights: 'weights.safetensors' } as const;
