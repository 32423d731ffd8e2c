/** Whether two observations or infos are equal in all parts; NaN equals NaN, arrays only those of their own type. */
export function equalData(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return Object.is(a, b);
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  const [keys, others] = [Object.keys(a), Object.keys(b)];
  return (
    keys.length === others.length && keys.every((key) => Object.hasOwn(b, key) && equalData(part(a, key), part(b, key)))
  );
}

/** Whether a change of one of them would change the other: the same array or object in the same place. */
export function sharesObjects(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return false;
  if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b)) {
    const apart = a.byteOffset + a.byteLength <= b.byteOffset || b.byteOffset + b.byteLength <= a.byteOffset;
    return a.buffer === b.buffer && !apart;
  }
  if (ArrayBuffer.isView(a) || ArrayBuffer.isView(b)) return false;
  return a === b || Object.keys(a).some((key) => sharesObjects(part(a, key), part(b, key)));
}

function part(whole: object, key: string): unknown {
  return (whole as Record<string, unknown>)[key];
}
