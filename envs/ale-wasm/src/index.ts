// SPDX-License-Identifier: GPL-2.0-only
export { Ale } from './ale.ts';
export { actionNames } from './actions.ts';
export { continuousAction, type JoystickAction } from './continuous.ts';
export { AleError } from './error.ts';
export { games } from './games.ts';
export type { ObservationFormat } from './observation.ts';
export { AleModule, loadAle, type SharedAle } from './module.ts';
