import { type Grants, readWishes, sameRights } from './mysql-grants.ts';

/** Rights that a user should have, and whether those that it has beside them stay. */
interface WantedGrants {
  readonly priv?: string | Readonly<Record<string, unknown>>;
  readonly append_privs?: boolean;
  readonly subtract_privs?: boolean;
}

/** What differs on one place: rights to be given, and to be taken. */
interface GrantChange {
  readonly at: string;
  readonly give: readonly string[];
  readonly take: readonly string[];
}

/** What has to be given and taken; a user that is not there has none. */
export function grantChanges(want: WantedGrants, have: Grants): readonly GrantChange[] {
  if (want.priv === undefined) return [];
  const wishes = readWishes(want.priv);
  if (want.subtract_privs)
    return [...wishes].flatMap(([at, what]) => {
      const take = [...what].filter((right) => have.get(at)?.has(right) && right !== 'USAGE');
      return take.length > 0 ? [{ at, give: [], take }] : [];
    });
  const changes: GrantChange[] = [...wishes].flatMap(([at, what]) => {
    const now = have.get(at) ?? new Set<string>();
    const all = now.has('ALL');
    const give = [...what].filter(
      (right) => right !== 'USAGE' && !now.has(right) && !(all && right !== 'GRANT'),
    );
    if (want.append_privs) return give.length > 0 ? [{ at, give, take: [] }] : [];
    if (sameRights(what, now)) return [];
    return [
      {
        at,
        give: [...what].filter((right) => right !== 'USAGE'),
        take: [...now].filter((right) => right !== 'USAGE' && !what.has(right)),
      },
    ];
  });
  if (want.append_privs) return changes;
  const others = [...have].filter(([at, now]) => !wishes.has(at) && !sameRights(now, undefined));
  return [
    ...changes,
    ...others.map(([at, now]) => ({ at, give: [], take: [...now].filter((right) => right !== 'USAGE') })),
  ];
}

/** Rights as plans show them. */
export function shownRights(rights: Iterable<string>): string {
  return (
    [...rights]
      .filter((right) => right !== 'USAGE')
      .sort()
      .join(', ') || 'none'
  );
}

/** What a user has on a place behind a change. */
export function grantsAfter(
  now: ReadonlySet<string> | undefined,
  { give, take }: GrantChange,
): ReadonlySet<string> {
  const kept = [...(now ?? [])].filter((right) => !take.includes(right));
  return new Set([...kept, ...give]);
}

/** The statements that make the changes. */
export function grantSql(who: string, changes: readonly GrantChange[]): readonly string[] {
  const plain = (list: readonly string[]) =>
    list.filter((right) => right !== 'GRANT').map((right) => (right === 'ALL' ? 'ALL PRIVILEGES' : right));
  return changes.flatMap(({ at, give, take }) => {
    const revoked = [...plain(take), ...(take.includes('GRANT') ? ['GRANT OPTION'] : [])];
    const given = plain(give);
    const option = give.includes('GRANT') ? ' WITH GRANT OPTION' : '';
    return [
      ...revoked.map((right) => `REVOKE ${right} ON ${at} FROM ${who};`),
      ...(given.length > 0 || option !== ''
        ? [`GRANT ${given.join(', ') || 'USAGE'} ON ${at} TO ${who}${option};`]
        : []),
    ];
  });
}
