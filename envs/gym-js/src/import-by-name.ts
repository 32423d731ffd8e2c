/**
 * Imports what only Node has, or a package that need not be there. Bundlers do not follow a name that they cannot read,
 * so that this package also goes into a page.
 */
export async function importByName(name: string): Promise<unknown> {
  return import(name);
}
