/** What a rule of iptables consists of, as far as it makes words of its command line. */
export interface RuleParts {
  readonly ip_version?: 'ipv4' | 'ipv6';
  readonly protocol?: string;
  readonly wait?: string;
  readonly source?: string;
  readonly to_source?: string;
  readonly destination?: string;
  readonly to_destination?: string;
  readonly match?: readonly string[];
  readonly tcp_flags?: { readonly flags?: readonly string[]; readonly flags_set?: readonly string[] };
  readonly jump?: string;
  readonly gateway?: string;
  readonly log_prefix?: string;
  readonly log_level?: string;
  readonly goto?: string;
  readonly in_interface?: string;
  readonly out_interface?: string;
  readonly fragment?: string;
  readonly set_counters?: string;
  readonly source_port?: string;
  readonly destination_port?: string;
  readonly destination_ports?: readonly string[];
  readonly to_ports?: string;
  readonly set_dscp_mark?: string;
  readonly set_dscp_mark_class?: string;
  readonly comment?: string;
  readonly ctstate?: readonly string[];
  readonly src_range?: string;
  readonly dst_range?: string;
  readonly match_set?: string;
  readonly match_set_flags?: string;
  readonly limit?: string;
  readonly limit_burst?: string;
  readonly uid_owner?: string;
  readonly gid_owner?: string;
  readonly reject_with?: string;
  readonly icmp_type?: string;
  readonly syn?: 'ignore' | 'match' | 'negate';
}

function option(flag: string, value: string | undefined): readonly string[] {
  if (value === undefined) return [];
  return value.startsWith('!') ? ['!', flag, value.slice(1).trimStart()] : [flag, value];
}

function commas(flag: string, values: readonly string[] | undefined): readonly string[] {
  return values && values.length > 0 ? [flag, values.join(',')] : [];
}

function extension(name: string, wanted: boolean, words: readonly string[]): readonly string[] {
  return wanted ? ['-m', name, ...words] : words;
}

function states({ match = [], ctstate }: RuleParts): readonly string[] {
  if (match.includes('conntrack')) return commas('--ctstate', ctstate);
  if (match.includes('state')) return commas('--state', ctstate);
  return extension('conntrack', (ctstate ?? []).length > 0, commas('--ctstate', ctstate));
}

function ranges({ match = [], src_range, dst_range }: RuleParts): readonly string[] {
  const words = [...option('--src-range', src_range), ...option('--dst-range', dst_range)];
  return extension('iprange', words.length > 0 && !match.includes('iprange'), words);
}

function sets({ match = [], match_set, match_set_flags }: RuleParts): readonly string[] {
  const flags = match_set_flags === undefined ? [] : [match_set_flags];
  const words = [...option('--match-set', match_set), ...flags];
  return extension('set', match_set !== undefined && !match.includes('set'), words);
}

function limits({ limit, limit_burst }: RuleParts): readonly string[] {
  const words = [...option('--limit', limit), ...option('--limit-burst', limit_burst)];
  return extension('limit', words.length > 0, words);
}

function flags({ tcp_flags: { flags: asked, flags_set: set } = {} }: RuleParts): readonly string[] {
  return asked && set ? ['--tcp-flags', asked.join(','), set.join(',')] : [];
}

/** The words of a rule, in the order in which Ansible's module writes them. */
export function ruleWords(rule: RuleParts): readonly string[] {
  const { jump, gateway, syn, uid_owner, gid_owner, reject_with, comment } = rule;
  const owner = (flag: string, value: string | undefined) =>
    extension('owner', value !== undefined, option(flag, value));
  return [
    ...(rule.wait === undefined ? [] : ['-w', rule.wait]),
    ...option('-p', rule.protocol),
    ...option('-s', rule.source),
    ...option('-d', rule.destination),
    ...(rule.match ?? []).flatMap((one) => option('-m', one)),
    ...flags(rule),
    ...option('-j', jump),
    ...(jump?.toLowerCase() === 'tee' ? option('--gateway', gateway) : []),
    ...option('--log-prefix', rule.log_prefix),
    ...option('--log-level', rule.log_level),
    ...option('--to-destination', rule.to_destination),
    ...extension(
      'multiport',
      (rule.destination_ports ?? []).length > 0,
      commas('--dports', rule.destination_ports),
    ),
    ...option('--to-source', rule.to_source),
    ...option('-g', rule.goto),
    ...option('-i', rule.in_interface),
    ...option('-o', rule.out_interface),
    ...option('-f', rule.fragment),
    ...option('-c', rule.set_counters),
    ...option('--source-port', rule.source_port),
    ...option('--destination-port', rule.destination_port),
    ...option('--to-ports', rule.to_ports),
    ...option('--set-dscp', rule.set_dscp_mark),
    ...option('--set-dscp-class', rule.set_dscp_mark_class),
    ...(syn === 'match' ? ['--syn'] : syn === 'negate' ? ['!', '--syn'] : []),
    ...states(rule),
    ...ranges(rule),
    ...sets(rule),
    ...limits(rule),
    ...owner('--uid-owner', uid_owner),
    ...owner('--gid-owner', gid_owner),
    ...(jump === undefined && reject_with !== undefined ? ['-j', 'REJECT'] : []),
    ...option('--reject-with', reject_with),
    ...option(rule.ip_version === 'ipv6' ? '--icmpv6-type' : '--icmp-type', rule.icmp_type),
    ...extension('comment', comment !== undefined, option('--comment', comment)),
  ];
}
