import { UserError } from '../errors.ts';
import { readFile, replaceFile } from '../runs/disk.ts';

/**
 * Puts text into a page of Markdown, in the place of what stands between `<!-- name -->` and `<!-- /name -->`.
 * @throws UserError if the page cannot be read or written, or lacks the marks
 */
export function replaceBetweenMarks(path: string, name: string, text: string): void {
  replaceFile(path, [betweenMarks(path, name, text)]);
}

/** @returns the page as {@link replaceBetweenMarks} would write it */
export function betweenMarks(path: string, name: string, text: string): string {
  const page = readFile(path).toString();
  const marked = new RegExp(`(<!-- ${name} -->\\n)[^]*(<!-- /${name} -->)`);
  if (!marked.test(page))
    throw new UserError(`${path} has no marks <!-- ${name} --> and <!-- /${name} -->; put them where the text belongs`);
  return page.replace(marked, (_, start: string, end: string) => `${start}\n${text}\n\n${end}`);
}
