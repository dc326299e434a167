import { type Static, Type } from 'typebox';
import { Answer, printFunction } from '../probes/answer.ts';
import { scriptProbe } from '../probes/script.ts';
import { quote } from '../shell/quote.ts';
import { systemPath } from '../shell/system-path.ts';
import { notBoth } from './argument-schemas.ts';
import { ruleWords } from './firewalls/iptables-rule.ts';
import type { Change, HostResource } from './resource.ts';

const word = (description: string) =>
  Type.Optional(Type.String({ pattern: '^[^\\n\\u0000]+$', description }));
const words = (description: string) =>
  Type.Optional(Type.Array(Type.String({ pattern: '^[^\\n\\u0000]+$' }), { description }));
const levels = ['0', '1', '2', '3', '4', '5', '6', '7'];
const levelNames = ['emerg', 'alert', 'crit', 'error', 'warning', 'notice', 'info', 'debug'];

const schema = Type.Object(
  {
    table: Type.Optional(
      Type.Enum(['filter', 'nat', 'mangle', 'raw', 'security'], {
        default: 'filter',
        description: 'the table of the chain',
      }),
    ),
    state: Type.Optional(
      Type.Enum(['present', 'absent'], {
        default: 'present',
        description: 'whether the rule should be there',
      }),
    ),
    action: Type.Optional(
      Type.Enum(['append', 'insert'], {
        default: 'append',
        description: 'where a new rule goes: last or first',
      }),
    ),
    rule_num: word('with insert: the number that the rule gets'),
    ip_version: Type.Optional(
      Type.Enum(['ipv4', 'ipv6'], { default: 'ipv4', description: 'ipv6 uses ip6tables' }),
    ),
    chain: word('the chain, as in INPUT'),
    chain_management: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'a missing chain is made; with absent and no rule the chain itself goes',
      }),
    ),
    protocol: word('tcp, udp, icmp, all, ...; a ! before it, here and in all that follows, means all others'),
    wait: word('seconds to wait for another program that alters rules'),
    source: word('address, network or name'),
    destination: word('address, network or name'),
    to_source: word('with jump SNAT: the new source'),
    to_destination: word('with jump DNAT: the new destination'),
    match: words('extensions that are used'),
    tcp_flags: Type.Optional(
      Type.Object(
        { flags: words('those that are looked at'), flags_set: words('those that must be set') },
        { additionalProperties: false, description: 'flags of TCP' },
      ),
    ),
    jump: word('what becomes of the packet: ACCEPT, DROP, another chain, ...'),
    gateway: word('with jump TEE: where the copy goes'),
    log_prefix: word('with jump LOG, which it implies: begin of each line'),
    log_level: Type.Optional(
      Type.Enum([...levels, ...levelNames], { description: 'with jump LOG, which it implies: the level' }),
    ),
    goto: word('a chain that is gone on in, without coming back'),
    in_interface: word('interface by which it comes; eth+ means all that begin so'),
    out_interface: word('interface by which it goes'),
    fragment: word('fragments but the first'),
    set_counters: word('counters to begin with'),
    source_port: word('port, or first:last'),
    destination_port: word('port, or first:last'),
    destination_ports: words('several ports or ranges'),
    to_ports: word('with jump REDIRECT: the new port or range'),
    set_dscp_mark: word('mark of DSCP'),
    set_dscp_mark_class: word('class of DSCP'),
    comment: word('a comment on the rule'),
    ctstate: words('states of the connection, as in ESTABLISHED'),
    src_range: word('first-last address of the source'),
    dst_range: word('first-last address of the destination'),
    match_set: word('a set of ipset'),
    match_set_flags: Type.Optional(
      Type.Enum(['src', 'dst', 'src,dst', 'dst,src'], { description: 'what is looked for in the set' }),
    ),
    limit: word('how often it matches at the most, as in 5/second'),
    limit_burst: word('how often before the limit counts'),
    uid_owner: word('user whose packets it matches'),
    gid_owner: word('group whose packets it matches'),
    reject_with: word('what a rejected packet is answered with; implies jump REJECT'),
    icmp_type: word('type of ICMP'),
    syn: Type.Optional(
      Type.Enum(['ignore', 'match', 'negate'], {
        default: 'ignore',
        description: 'packets that begin a connection',
      }),
    ),
    flush: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'remove all rules of the chain, or of the table without `chain`',
      }),
    ),
    policy: Type.Optional(
      Type.Enum(['ACCEPT', 'DROP', 'QUEUE', 'RETURN'], {
        description: 'policy of the chain; no rule is looked at',
      }),
    ),
  },
  {
    additionalProperties: false,
    ...notBoth('set_dscp_mark', 'set_dscp_mark_class'),
  },
);

type Arguments = Static<typeof schema>;

interface State {
  readonly program: boolean;
  /** What the program says of the chain; undefined when there is no such chain. */
  readonly listed: string | undefined;
  readonly present: boolean;
  /** Why rules cannot be looked at. */
  readonly refused: string | undefined;
}

function logged(want: Arguments): Arguments {
  const logs = want.log_prefix !== undefined || want.log_level !== undefined;
  return logs && want.jump === undefined ? { ...want, jump: 'LOG' } : want;
}

// What there is to do about: the rules of a chain, its policy, the chain itself, one rule.
function subjectOf(want: Arguments): 'flush' | 'policy' | 'chain' | 'rule' {
  if (want.flush) return 'flush';
  if (want.policy !== undefined) return 'policy';
  return want.state === 'absent' && ruleWords(want).length === 0 ? 'chain' : 'rule';
}

function command({ ip_version, table = 'filter' }: Arguments, ...rest: readonly string[]): string {
  const program = ip_version === 'ipv6' ? 'ip6tables' : 'iptables';
  return [program, '-t', table, ...rest].map(quote).join(' ');
}

function chainOf({ chain }: Arguments): readonly string[] {
  return chain === undefined ? [] : [chain];
}

function question(want: Arguments): string {
  const program = want.ip_version === 'ipv6' ? 'ip6tables' : 'iptables';
  const rule = [...chainOf(want), ...ruleWords(logged(want))];
  return `${printFunction}
${systemPath}
command -v ${program} >/dev/null || { echo 'program no'; exit 0; }
if provision_list=$(${command(want, '-S', ...chainOf(want))} 2>&1); then provision_print listed "$provision_list"
else case $provision_list in *ermission\\ denied*|*ust\\ be\\ root*) provision_print refused "$provision_list" ;; esac; fi
${subjectOf(want) === 'rule' && want.chain !== undefined ? `! ${command(want, '-C', ...rule)} >/dev/null 2>&1 || echo 'present yes'` : ':'}`;
}

function policyIn(listed: string | undefined, { chain }: Arguments): string | undefined {
  const line = listed?.split('\n').find((one) => one.startsWith(`-P ${chain} `));
  return line?.split(' ')[2];
}

/** A rule of the kernel's packet filter, as iptables knows it. */
export const iptables: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'iptables',
  summary: 'Add or remove a rule of iptables, in the running kernel only',
  schema,
  effect: 'opaque',
  probe: (want) =>
    scriptProbe({
      script: question(want),
      parse(output) {
        const answer = new Answer(output, 'the rules of iptables');
        return {
          program: answer.get('program') !== 'no',
          listed: answer.bytes('listed')?.toString(),
          present: answer.get('present') === 'yes',
          refused: answer.bytes('refused')?.toString().split('\n')[0],
        };
      },
    }),
  refuse(want, { program, listed, refused }) {
    if (want.chain === undefined && !want.flush)
      return ['Either chain or flush parameter must be specified.'];
    if (want.flush && want.policy !== undefined) return ['flush and policy exclude each other'];
    const logs = want.log_prefix !== undefined || want.log_level !== undefined;
    if (logs && want.jump !== undefined && want.jump !== 'LOG')
      return ['Logging options can only be used with the LOG jump target.'];
    if (want.jump?.toLowerCase() === 'tee' && want.gateway === undefined)
      return ['jump is TEE but all of the following are missing: gateway'];
    if (!program) return ['the host has no iptables; install the package iptables first'];
    if (refused !== undefined) return [`${refused}: add \`become: true\``];
    const subject = subjectOf(want);
    if (subject === 'policy' && policyIn(listed, want) === undefined)
      return [`${want.chain} is no chain with a policy: only those that the kernel brings have one`];
    if (listed === undefined && subject === 'rule' && want.state !== 'absent' && !want.chain_management)
      return [`the chain ${want.chain} does not exist; \`chain_management: true\` makes it`];
    return [];
  },
  diff(want, { listed, present }) {
    const { chain, policy } = want;
    switch (subjectOf(want)) {
      case 'flush': {
        const rules = (listed ?? '').split('\n').filter((line) => line.startsWith('-A ')).length;
        return rules === 0
          ? []
          : [{ attribute: `rules of ${chain ?? 'the table'}`, from: String(rules), to: 'absent' }];
      }
      case 'policy': {
        const from = policyIn(listed, want) ?? '';
        return from === policy ? [] : [{ attribute: `policy of ${chain}`, from, to: policy ?? '' }];
      }
      case 'chain':
        return listed === undefined || !want.chain_management
          ? []
          : [{ attribute: `chain ${chain}`, from: 'present', to: 'absent' }];
      default: {
        const wanted = want.state !== 'absent';
        if (wanted === present) return [];
        const text = ruleWords(logged(want)).join(' ');
        const made: Change[] =
          wanted && listed === undefined
            ? [{ attribute: `chain ${chain}`, from: 'absent', to: 'present' }]
            : [];
        const rule = wanted ? { from: 'absent', to: text } : { from: text, to: 'absent' };
        return [...made, { attribute: `rule of ${chain}`, ...rule }];
      }
    }
  },
  steps(want, changes, { listed }) {
    if (changes.length === 0) return [];
    const chain = chainOf(want);
    const rule = ruleWords(logged(want));
    const lines = [systemPath];
    const subject = subjectOf(want);
    if (subject === 'flush') lines.push(command(want, '-F', ...chain));
    else if (subject === 'policy') lines.push(command(want, '-P', ...chain, want.policy ?? ''));
    else if (subject === 'chain') lines.push(command(want, '-X', ...chain));
    else if (want.state === 'absent') lines.push(command(want, '-D', ...chain, ...rule));
    else {
      if (listed === undefined) lines.push(`${command(want, '-N', ...chain)} || exit 1`);
      const number = want.rule_num === undefined ? [] : [want.rule_num];
      const place = want.action === 'insert' ? ['-I', ...chain, ...number] : ['-A', ...chain];
      lines.push(command(want, ...place, ...rule));
    }
    return [{ kind: 'script', script: lines.join('\n') }];
  },
  result: (want) => ({
    ip_version: want.ip_version ?? 'ipv4',
    table: want.table ?? 'filter',
    chain: want.chain ?? null,
    flush: want.flush ?? false,
    rule: ruleWords(want).join(' '),
    state: want.state ?? 'present',
    chain_management: want.chain_management ?? false,
  }),
};
