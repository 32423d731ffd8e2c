import { setWarningHandler } from 'gym-js';

/** What a check says: its warnings, and its error. */
export interface Said {
  warnings: string[];
  error: string | undefined;
}

export async function said(check: () => unknown): Promise<Said> {
  const warnings: string[] = [];
  const before = setWarningHandler((message) => warnings.push(message));
  try {
    await check();
    return { warnings, error: undefined };
  } catch (error) {
    return { warnings, error: (error as Error).message };
  } finally {
    setWarningHandler(before);
  }
}
