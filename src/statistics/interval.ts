import { z } from 'zod';

/** A figure and the interval that a bootstrap gives of it. `estimate` is of the scores themselves. */
export const interval = z.strictObject({ estimate: z.number(), low: z.number(), high: z.number() });
export type Interval = z.infer<typeof interval>;
