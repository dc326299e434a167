/** Rights by what they are about: `*.*`, or a database and a table as SQL quotes them. */
export type Grants = ReadonlyMap<string, ReadonlySet<string>>;

function quotedPart(part: string): string {
  if (part === '*' || /^`.*`$/.test(part)) return part;
  return `\`${part.replaceAll('`', '``')}\``;
}

// Procedures and functions have a word before their names.
function place(text: string): string {
  const [, kind = '', rest = text] = /^(FUNCTION |PROCEDURE )?(.*)$/i.exec(text.trim()) ?? [];
  const parts = /^(`[^`]+`|[^.]+)\.(.+)$/.exec(rest);
  const [database = rest, table = '*'] = parts ? [parts[1], parts[2]] : [];
  return `${kind.toUpperCase()}${quotedPart(database)}.${quotedPart(table)}`;
}

function rights(text: string): readonly string[] {
  // Columns in brackets belong to their right.
  const found = text.match(/[^,(]+(\([^)]*\))?/g) ?? [];
  return found
    .map((one) =>
      one
        .trim()
        .toUpperCase()
        .replace(/\s*\(\s*/, ' (')
        .replaceAll(/\s*,\s*/g, ', '),
    )
    .filter(Boolean)
    .map((one) => (one === 'ALL PRIVILEGES' ? 'ALL' : one));
}

/** Reads `db.table:SELECT,INSERT/other.*:ALL`, or the same as a mapping. */
export function readWishes(wish: string | Readonly<Record<string, unknown>>): Grants {
  const pairs =
    typeof wish === 'string'
      ? wish.split('/').map((one) => {
          const [, at = one, what = ''] = /^((?:`[^`]*`|[^:])+):?(.*)$/.exec(one.trim()) ?? [];
          return [at, what] as const;
        })
      : Object.entries(wish).map(([at, what]) => [at, [what].flat().join(',')] as const);
  const grants = new Map<string, Set<string>>();
  for (const [at, what] of pairs) {
    const key = place(at);
    grants.set(key, new Set([...(grants.get(key) ?? []), ...rights(what || 'USAGE')]));
  }
  return grants;
}

/** Reads the lines of SHOW GRANTS. */
export function readGrants(lines: readonly string[]): Grants {
  const grants = new Map<string, Set<string>>();
  for (const line of lines) {
    const [, what, at, more = ''] =
      /^GRANT (.+) ON ((?:FUNCTION |PROCEDURE )?\S+\.(?:`[^`]+`|\S+)) TO \S+(.*)$/.exec(line) ?? [];
    if (what === undefined || at === undefined) continue;
    const key = place(at);
    const granted = [...rights(what), ...(/WITH GRANT OPTION|with grant option/.test(more) ? ['GRANT'] : [])];
    grants.set(key, new Set([...(grants.get(key) ?? []), ...granted]));
  }
  return grants;
}

/** Whether rights are the same: USAGE is none. */
export function sameRights(
  one: ReadonlySet<string> | undefined,
  other: ReadonlySet<string> | undefined,
): boolean {
  const plain = (of: ReadonlySet<string> | undefined) =>
    [...(of ?? [])]
      .filter((right) => right !== 'USAGE')
      .sort()
      .join();
  return plain(one) === plain(other);
}
