/** What a rule of ufw consists of. */
export interface UfwRule {
  readonly rule?: string;
  readonly delete?: boolean;
  readonly route?: boolean;
  readonly insert?: number;
  readonly insert_relative_to?: string;
  readonly direction?: string;
  readonly interface?: string;
  readonly interface_in?: string;
  readonly interface_out?: string;
  readonly log?: boolean;
  readonly from_ip?: string;
  readonly from_port?: string;
  readonly to_ip?: string;
  readonly to_port?: string;
  readonly proto?: string;
  readonly name?: string;
  readonly comment?: string;
}

/**
 * The number that a new rule gets; undefined where it simply comes last.
 * @param numbered what `ufw status numbered` printed
 */
export function insertPlace(
  { insert, insert_relative_to = 'zero', delete: removes }: UfwRule,
  numbered: string,
): number | undefined {
  if (insert === undefined || removes) return undefined;
  if (insert_relative_to === 'zero') return insert;
  const lines = numbered.split('\n').flatMap((line) => {
    const [, number] = /^\[ *(\d+)\] /.exec(line) ?? [];
    return number === undefined ? [] : [{ number: Number(number), six: line.includes('(v6)') }];
  });
  const last = Math.max(0, ...lines.map(({ number }) => number));
  const four = Math.max(0, ...lines.filter(({ six }) => !six).map(({ number }) => number));
  const six = lines.some((line) => line.six);
  const places: Readonly<Record<string, number>> = {
    'first-ipv4': 1,
    'last-ipv4': Math.max(1, four),
    'first-ipv6': four + 1,
    'last-ipv6': six ? last : last + 1,
  };
  const place = insert + (places[insert_relative_to] ?? 0);
  // ufw takes no number that is larger than that of the last rule.
  return place > last ? undefined : place;
}

/** The words of a rule behind `ufw`. */
export function ufwWords(rule: UfwRule, place: number | undefined): readonly string[] {
  const pair = (name: string, value: string | undefined) => (value === undefined ? [] : [name, value]);
  const { direction, interface: on, interface_in, interface_out } = rule;
  return [
    ...(rule.route ? ['route'] : []),
    ...(rule.delete ? ['delete'] : []),
    ...(place === undefined ? [] : ['insert', String(place)]),
    rule.rule ?? '',
    ...(direction === undefined ? [] : [direction]),
    ...pair('on', on),
    ...(interface_in === undefined ? [] : ['in', 'on', interface_in]),
    ...(interface_out === undefined ? [] : ['out', 'on', interface_out]),
    ...(rule.log ? ['log'] : []),
    'from',
    rule.from_ip ?? 'any',
    ...pair('port', rule.from_port),
    'to',
    rule.to_ip ?? 'any',
    ...pair('port', rule.to_port),
    ...pair('proto', rule.proto),
    ...pair('app', rule.name),
    ...pair('comment', rule.comment),
  ];
}

function tuples(text: string): string {
  return text
    .split('\n')
    .filter((line) => line.startsWith('### tuple'))
    .join('\n');
}

/**
 * Whether a dry run of ufw shows that a rule would alter anything.
 * @param dryRun prints the rules of each family of addresses that the rule is about, as they would be
 * @param rules those of the two families as they are
 */
export function altersRules(dryRun: string, rules: { readonly four: string; readonly six: string }): boolean {
  const lines = dryRun.split('\n').filter((line) => line.trim() !== '');
  if (lines.every((line) => /^(Skipping |Could not delete non-existent rule)/.test(line))) return false;
  const cut = dryRun.indexOf(':ufw6-user-input');
  const four = dryRun.includes(':ufw-user-input') ? dryRun.slice(0, cut < 0 ? undefined : cut) : undefined;
  const six = cut < 0 ? undefined : dryRun.slice(cut);
  if (four === undefined && six === undefined) return true;
  const differs = (now: string | undefined, before: string) =>
    now !== undefined && tuples(now) !== tuples(before);
  return differs(four, rules.four) || differs(six, rules.six);
}
