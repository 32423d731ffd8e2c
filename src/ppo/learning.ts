/*
 * All of a session that is built on TensorFlow, to be loaded as one: that takes half a second, in which the threads of
 * the environments start.
 */
export { ActorCritic } from '../../agents/actor-critic.ts';
export { loadTensorFlow, tensorflowVersion } from '../../agents/kernels/backend.ts';
export { describeKernels, selectKernels } from '../../agents/kernels/index.ts';
export { train } from './trainer.ts';
