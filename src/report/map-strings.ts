/** Rewrites every string of plain data, keys of objects too; parts that stay the same are not copied. */
export function mapStrings<T>(value: T, rewrite: (text: string) => string): T {
  return mapped(value, rewrite) as T;
}

function mapped(value: unknown, rewrite: (text: string) => string): unknown {
  if (typeof value === 'string') return rewrite(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => mapped(item, rewrite));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (value === null || typeof value !== 'object') return value;
  let same = true;
  const entries = Object.entries(value).map(([key, part]): [string, unknown] => {
    const entry: [string, unknown] = [rewrite(key), mapped(part, rewrite)];
    if (entry[0] !== key || entry[1] !== part) same = false;
    return entry;
  });
  return same ? value : Object.fromEntries(entries);
}
