/** Older words for `loop`, each with the lookup that makes its items of what stands behind it. */
export const lookupLoops: ReadonlyMap<string, string> = new Map(
  [
    'items',
    'list',
    'dict',
    'fileglob',
    'filetree',
    'file',
    'first_found',
    'together',
    'subelements',
    'sequence',
    'nested',
    'cartesian',
    'flattened',
    'indexed_items',
  ].map((name) => [`with_${name}`, name] as const),
);

/** All words that make a task loop. */
export const loopWords: readonly string[] = ['loop', ...lookupLoops.keys()];
