/**
 * What an imported CommonJS module exports: Node gives it as the default export, bundlers and TypeScript loaders by
 * name.
 * @param name one of its exports
 */
export function exportsOf<T extends object>(namespace: T | { default: T }, name: keyof T): T {
  return 'default' in namespace && !(name in namespace) ? namespace.default : (namespace as T);
}
