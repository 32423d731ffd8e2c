/** The most that a core may have: what commands take, and what a file may ask for. All are at least 1. */
export const coreLimits = {
  ...{ layers: 64, modules: 64, active: 64, units: 4096, hidden: 8192 },
  ...{ inputHeads: 64, inputKey: 4096, inputValue: 16_384, inputElements: 4096 },
  ...{ commHeads: 64, commKey: 4096, commValue: 4096 },
} as const;

/** The most of a RIM that dropout may drop. */
export const mostDropout = 0.9;

/** What the native kernels take of a RIM, as rim_core.h has room for: kMostModules, kMostInputs. */
export const nativeRimLimits = { modules: 64, elements: 16 } as const;

/** Whether the native operation takes a RIM of so many modules and elements; else the portable ones compute it. */
export function isNativeRim(modules: number, elements: number): boolean {
  return modules <= nativeRimLimits.modules && elements <= nativeRimLimits.elements;
}
