import { UserError } from '../user-error.ts';
import { bundleFiles } from './files.ts';

/** @throws UserError, one line, that one of the files is damaged, and how */
export function damaged(file: keyof typeof bundleFiles, reason: string): never {
  throw new UserError(`${bundleFiles[file]} is damaged (${reason}); put back a good copy`);
}
