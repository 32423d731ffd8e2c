const tokens = /(?<=\p{L})'\p{L}+|[\p{L}\p{M}\p{N}]+|\S/gu;

/**
 * Cuts prose into paragraphs of words. Paragraphs stand between empty lines. All in lower case; a word is a run of
 * letters and digits, an apostrophe inside a word begins another (don't: don 't), every other character is a word.
 */
export function paragraphs(text: string): string[][] {
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.toLowerCase().replaceAll('’', "'").match(tokens) ?? [])
    .filter((words) => words.length > 0);
}
