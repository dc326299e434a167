import { type Static, Type } from 'typebox';
import { Answer, printFunction } from '../probes/answer.ts';
import { scriptProbe } from '../probes/script.ts';
import { quote } from '../shell/quote.ts';
import { systemPath } from '../shell/system-path.ts';
import { notBoth } from './argument-schemas.ts';
import { altersRules, insertPlace, ufwWords } from './firewalls/ufw-rule.ts';
import type { Change, HostResource } from './resource.ts';

const text = (description: string) =>
  Type.Optional(Type.String({ pattern: "^[^\\n\\u0000']+$", description }));

const schema = Type.Object(
  {
    state: Type.Optional(
      Type.Enum(['enabled', 'disabled', 'reloaded', 'reset'], {
        description: 'of the firewall itself, now and at boot; reset also removes all rules',
      }),
    ),
    default: Type.Optional(
      Type.Enum(['allow', 'deny', 'reject'], { description: 'policy for what no rule speaks of' }),
    ),
    direction: Type.Optional(
      Type.Enum(['in', 'incoming', 'out', 'outgoing', 'routed'], {
        description: 'which traffic: in or out for rules, incoming, outgoing or routed for `default`',
      }),
    ),
    logging: Type.Optional(
      Type.Enum(['on', 'off', 'low', 'medium', 'high', 'full'], { description: 'how much is logged' }),
    ),
    insert: Type.Optional(Type.Integer({ description: 'number that a new rule gets' })),
    insert_relative_to: Type.Optional(
      Type.Enum(['zero', 'first-ipv4', 'last-ipv4', 'first-ipv6', 'last-ipv6'], {
        default: 'zero',
        description: 'what `insert` counts from',
      }),
    ),
    rule: Type.Optional(
      Type.Enum(['allow', 'deny', 'limit', 'reject'], { description: 'what becomes of the traffic' }),
    ),
    log: Type.Optional(Type.Boolean({ default: false, description: 'log new connections of the rule' })),
    from_ip: Type.Optional(
      Type.String({ pattern: '^\\S+$', default: 'any', description: 'address or network' }),
    ),
    from_port: text('port, range as in 1000:2000, several between commas, or a service'),
    to_ip: Type.Optional(
      Type.String({ pattern: '^\\S+$', default: 'any', description: 'address or network' }),
    ),
    to_port: text('port, range, several, or a service'),
    proto: Type.Optional(
      Type.Enum(['any', 'tcp', 'udp', 'ipv6', 'esp', 'ah', 'gre', 'igmp'], { description: 'the protocol' }),
    ),
    name: text('profile of an application, in /etc/ufw/applications.d'),
    delete: Type.Optional(Type.Boolean({ default: false, description: 'remove the rule' })),
    interface: text('interface of the rule; needs `direction`'),
    interface_in: text('interface by which it comes'),
    interface_out: text('interface by which it goes'),
    route: Type.Optional(
      Type.Boolean({ default: false, description: 'the rule is for what passes through' }),
    ),
    comment: text('a comment on the rule'),
  },
  {
    additionalProperties: false,
    allOf: [
      notBoth('name', 'proto'),
      notBoth('name', 'logging'),
      notBoth('direction', 'interface_in'),
      notBoth('direction', 'interface_out'),
    ],
  },
);

type Arguments = Static<typeof schema>;

interface State {
  readonly program: boolean;
  readonly refused: string | undefined;
  readonly active: boolean;
  /** Of /etc/ufw/ufw.conf and /etc/default/ufw. */
  readonly settings: ReadonlyMap<string, string>;
  readonly numbered: string;
  readonly status: string;
  /** The files in which ufw keeps its rules. */
  readonly rules: { readonly four: string; readonly six: string };
  /** What a dry run of the rule printed; undefined without a rule. */
  readonly dryRun: string | undefined;
}

const policies: Readonly<Record<string, string>> = { ACCEPT: 'allow', DROP: 'deny', REJECT: 'reject' };
const places = { incoming: 'INPUT', outgoing: 'OUTPUT', routed: 'FORWARD' } as const;
const verbs = { enabled: 'enable', disabled: 'disable', reloaded: 'reload', reset: 'reset' } as const;

// The place of the rule is worked out in the same program: the dry run must mean what will be run.
function question(want: Arguments): string {
  const relative = want.insert !== undefined && (want.insert_relative_to ?? 'zero') !== 'zero';
  // A dry run of an inserted rule says whether there is one; where it goes does not matter for that.
  const rule =
    want.rule &&
    ufwWords(want, relative ? undefined : insertPlace(want, ''))
      .map(quote)
      .join(' ');
  return `${printFunction}
${systemPath}
export LC_ALL=C
command -v ufw >/dev/null || { echo 'program no'; exit 0; }
# A dry run writes the rules into a file: not on a disk.
if [ -d /dev/shm ]; then export TMPDIR=/dev/shm; fi
provision_status=$(ufw status verbose 2>&1) || { provision_print refused "$provision_status"; exit 0; }
provision_print status "$provision_status"
provision_print settings "$(cat /etc/ufw/ufw.conf /etc/default/ufw 2>/dev/null)"
for provision_family in '' 6; do
  provision_print "rules$provision_family" "$(cat /etc/ufw/user$provision_family.rules /var/lib/ufw/user$provision_family.rules /lib/ufw/user$provision_family.rules 2>/dev/null)"
done
${relative ? 'provision_print numbered "$(ufw status numbered 2>/dev/null)"' : ':'}
${rule === undefined ? ':' : `if provision_dry=$(ufw --dry-run ${rule} 2>&1); then provision_print dry "$provision_dry"; else provision_print refused "$provision_dry"; fi`}`;
}

function readSettings(text: string): ReadonlyMap<string, string> {
  const pairs = [...text.matchAll(/^\s*([A-Z_]+)=["']?([^"'\n#]*)["']?/gm)];
  return new Map(pairs.map(([, name = '', value = '']) => [name, value.trim().toLowerCase()]));
}

function policyPlace({ direction = 'incoming' }: Arguments): string | undefined {
  return direction in places ? places[direction as keyof typeof places] : undefined;
}

function policyChange(want: Arguments, { settings }: State): readonly Change[] {
  const place = policyPlace(want);
  const set = settings.get(`DEFAULT_${place}_POLICY`)?.toUpperCase() ?? '';
  const from = policies[set] ?? 'unknown';
  if (want.default === undefined || from === want.default) return [];
  return [{ attribute: `default of ${want.direction ?? 'incoming'}`, from, to: want.default }];
}

function loggingChange({ logging }: Arguments, { settings }: State): readonly Change[] {
  const from = settings.get('LOGLEVEL') ?? 'unknown';
  if (logging === undefined || logging === from || (logging === 'on' && !['off', 'unknown'].includes(from)))
    return [];
  return [{ attribute: 'logging', from, to: logging }];
}

function stateChange({ state }: Arguments, { active, settings }: State): readonly Change[] {
  if (state === undefined) return [];
  if (state === 'reset' || state === 'reloaded') return [{ attribute: 'state', to: state }];
  const boots = settings.get('ENABLED') === 'yes';
  const wanted = state === 'enabled';
  if (active === wanted && boots === wanted) return [];
  return [{ attribute: 'state', from: active || boots ? 'enabled' : 'disabled', to: state }];
}

function ruleChange(want: Arguments, { dryRun, rules }: State): readonly Change[] {
  if (dryRun === undefined || !altersRules(dryRun, rules)) return [];
  const rule = ufwWords({ ...want, delete: false }, undefined).join(' ');
  const change = want.delete ? { from: rule, to: 'absent' } : { from: 'absent', to: rule };
  return [{ attribute: 'rule', ...change }];
}

function commandsFor(want: Arguments, have: State): readonly (readonly string[])[] {
  const commands: (readonly string[])[] = [];
  if (want.state !== undefined) commands.push(['-f', verbs[want.state]]);
  if (want.default !== undefined)
    commands.push(['default', want.default, ...(want.direction === undefined ? [] : [want.direction])]);
  if (want.rule !== undefined) commands.push(ufwWords(want, insertPlace(want, have.numbered)));
  if (want.logging !== undefined) commands.push(['logging', want.logging]);
  return commands;
}

/** The firewall of Ubuntu and Debian. */
export const ufw: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'ufw',
  summary: 'Set up the firewall ufw: rules, policies, logging, and whether it runs',
  schema,
  argumentAliases: {
    default: ['policy'],
    from_ip: ['from', 'src'],
    to_ip: ['dest', 'to'],
    to_port: ['port'],
    proto: ['protocol'],
    name: ['app'],
    interface: ['if'],
    interface_in: ['if_in'],
    interface_out: ['if_out'],
  },
  effect: 'opaque',
  repeats: ({ state }) => state === 'reset' || state === 'reloaded',
  probe: (want) =>
    scriptProbe({
      script: question(want),
      parse(output) {
        const answer = new Answer(output, 'ufw');
        const text = (key: string) => answer.bytes(key)?.toString();
        const status = text('status') ?? '';
        return {
          program: answer.get('program') !== 'no',
          refused: text('refused')?.trim(),
          active: /^Status: active/m.test(status),
          settings: readSettings(text('settings') ?? ''),
          numbered: text('numbered') ?? '',
          rules: { four: text('rules') ?? '', six: text('rules6') ?? '' },
          status,
          dryRun: text('dry'),
        };
      },
    }),
  refuse(want, { program, refused }) {
    const { direction } = want;
    if (!['state', 'default', 'rule', 'logging'].some((key) => key in want))
      return ['one of the following is required: state, default, rule, logging'];
    if (want.interface !== undefined && direction === undefined)
      return ['interface needs direction: in or out'];
    if (want.default !== undefined && policyPlace(want) === undefined)
      return ['For default, direction must be one of "outgoing", "incoming" and "routed", or left out'];
    if (want.rule !== undefined && direction !== undefined && !['in', 'out'].includes(direction))
      return ['For rules, direction must be one of "in" and "out", or left out'];
    if (!want.route && want.interface_in !== undefined && want.interface_out !== undefined)
      return ['Only route rules can combine interface_in and interface_out'];
    if (!program) return ['the host has no ufw; install the package ufw first'];
    return refused === undefined ? [] : [`ufw refuses this: ${refused}`];
  },
  diff: (want, have) => [
    ...stateChange(want, have),
    ...policyChange(want, have),
    ...ruleChange(want, have),
    ...loggingChange(want, have),
  ],
  steps(want, changes, have) {
    if (changes.length === 0) return [];
    const lines = commandsFor(want, have).map((words) => `ufw ${words.map(quote).join(' ')} || exit 1`);
    return [{ kind: 'script', script: [systemPath, 'export LC_ALL=C', ...lines].join('\n') }];
  },
  result: (want, have) => ({
    commands: commandsFor(want, have).map((words) => `ufw ${words.join(' ')}`),
    msg: have.status,
  }),
};
