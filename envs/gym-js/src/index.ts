export type {
  AnyEnv,
  Env,
  EnvMetadata,
  Info,
  RenderFrame,
  RenderResult,
  ResetOptions,
  ResetResult,
  StepResult,
} from './env.ts';
export type {
  AnyVectorEnv,
  AutoresetMode,
  VectorEnv,
  VectorEnvMetadata,
  VectorInfo,
  VectorResetOptions,
  VectorResetResult,
  VectorStepResult,
} from './vector-env.ts';
export { setWarningHandler } from './warnings.ts';
export * from './errors.ts';

export { envName, unwrapped, Wrapper } from './wrappers/wrapper.ts';
export { ObservationWrapper } from './wrappers/observation-wrapper.ts';
export { RewardWrapper } from './wrappers/reward-wrapper.ts';
export { ActionWrapper } from './wrappers/action-wrapper.ts';
export { TransformObservation, type TransformObservationOptions } from './wrappers/transform-observation.ts';
export { TransformReward } from './wrappers/transform-reward.ts';
export { TransformAction, type TransformActionOptions } from './wrappers/transform-action.ts';
export { ClipReward, type ClipRewardOptions } from './wrappers/clip-reward.ts';
export { ClipAction } from './wrappers/clip-action.ts';
export { RescaleAction, type RescaleActionOptions } from './wrappers/rescale-action.ts';
export { TimeLimit } from './wrappers/time-limit.ts';
export { OrderEnforcing } from './wrappers/order-enforcing.ts';
export { PassiveEnvChecker } from './wrappers/passive-env-checker.ts';
export {
  type EpisodeStatistics,
  RecordEpisodeStatistics,
  type RecordEpisodeStatisticsOptions,
} from './wrappers/record-episode-statistics.ts';
export { FlattenObservation } from './wrappers/flatten-observation.ts';
export { FrameStackObservation, type FrameStackObservationOptions } from './wrappers/frame-stack-observation.ts';
export { NormalizeObservation } from './wrappers/normalize-observation.ts';
export { NormalizeReward, type NormalizeRewardOptions } from './wrappers/normalize-reward.ts';
export { RunningMeanStd } from './wrappers/running-mean-std.ts';
export { RenderCollection, type RenderCollectionOptions } from './wrappers/render-collection.ts';
export { RecordVideo, type RecordVideoOptions } from './wrappers/record-video.ts';
export { type VideoEncoder, videoEncoder, type VideoFormat } from './video/encoder.ts';

export { EnvSpec, type EnvSpecOptions, type EntryPoint, type EnvKwargs } from './registry/env-spec.ts';
export type { WrapperSpec } from './registry/wrapper-spec.ts';
export { register, registry, spec } from './registry/registry.ts';
export { make, type MakeOptions } from './registry/make.ts';
export { makeVec, type MakeVecOptions, type VectorizeMode } from './registry/make-vec.ts';
export { pprintRegistry, type PprintOptions } from './registry/pprint-registry.ts';
export { checkEnv, type CheckEnvOptions } from './checker/check-env.ts';

export { SyncVectorEnv, type SyncVectorEnvOptions } from './vector/sync-vector-env.ts';
export { AsyncVectorEnv, type AsyncVectorEnvOptions, type NamedEnv } from './vector/async-vector-env.ts';
export { VectorWrapper } from './vector/vector-wrapper.ts';
export { VectorRecordEpisodeStatistics } from './vector/record-episode-statistics.ts';
export { addInfo } from './vector/infos.ts';
export type { Batch } from './vector/joined-elements.ts';

export { type Element, type SampleOptions, Space, type SpaceSeed } from './spaces/space.ts';
export type { Dtype, DtypeArrays, IntegerDtype } from './spaces/dtype.ts';
export { Box, type BoxOptions } from './spaces/box.ts';
export { Discrete } from './spaces/discrete.ts';
export { MultiBinary } from './spaces/multi-binary.ts';
export { MultiDiscrete, type MultiDiscreteOptions } from './spaces/multi-discrete.ts';
export { Text, type TextMask, type TextOptions } from './spaces/text.ts';
export { Tuple } from './spaces/tuple.ts';
export { Dict } from './spaces/dict.ts';
export { flatdim, flatten, flattenSpace, unflatten } from './spaces/flatten.ts';
export { type Batched, batchSpace, concatenate, createEmptyArray, iterate } from './spaces/batch.ts';
export { npRandom } from './seeding/np-random.ts';
export { type Seed, SeedSequence } from './seeding/seed-sequence.ts';
export { Generator, type ChoiceOptions, type IntegersOptions } from './seeding/generator.ts';
export type { Pcg64State } from './seeding/pcg64.ts';
