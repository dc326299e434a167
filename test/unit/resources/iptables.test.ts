import { expect, test } from 'vitest';
import { ruleWords } from '../../../src/resources/firewalls/iptables-rule.ts';
import { iptables } from '../../../src/resources/iptables.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { hostWith } from '../../helpers/resources/stand-ins.ts';

const fresh = scratch();

// In the words and the order of Ansible's module.
test.each([
  [{ protocol: 'tcp', destination_port: '80', jump: 'ACCEPT' }, '-p tcp -j ACCEPT --destination-port 80'],
  [{ source: '!10.0.0.0/8', jump: 'DROP' }, '! -s 10.0.0.0/8 -j DROP'],
  [{ ctstate: ['NEW', 'RELATED'], jump: 'ACCEPT' }, '-j ACCEPT -m conntrack --ctstate NEW,RELATED'],
  [{ match: ['state'], ctstate: ['NEW'] }, '-m state --state NEW'],
  [{ match: ['conntrack'], ctstate: ['NEW'] }, '-m conntrack --ctstate NEW'],
  [{ destination_ports: ['80', '8000:8100'] }, '-m multiport --dports 80,8000:8100'],
  [{ tcp_flags: { flags: ['ALL'], flags_set: ['ACK', 'RST'] } }, '--tcp-flags ALL ACK,RST'],
  [{ src_range: '10.0.0.1-10.0.0.9' }, '-m iprange --src-range 10.0.0.1-10.0.0.9'],
  [{ match_set: 'mine', match_set_flags: 'src,dst' }, '-m set --match-set mine src,dst'],
  [{ limit: '2/second', limit_burst: '9' }, '-m limit --limit 2/second --limit-burst 9'],
  [{ uid_owner: '!0' }, '-m owner ! --uid-owner 0'],
  [{ reject_with: 'tcp-reset' }, '-j REJECT --reject-with tcp-reset'],
  [{ jump: 'TEE', gateway: '10.0.0.1' }, '-j TEE --gateway 10.0.0.1'],
  [{ icmp_type: '8' }, '--icmp-type 8'],
  [{ icmp_type: '8', ip_version: 'ipv6' }, '--icmpv6-type 8'],
  [{ syn: 'negate', wait: '5' }, '-w 5 ! --syn'],
  [{ comment: 'of mine' }, '-m comment --comment of mine'],
] as const)('%j', (rule, words) => {
  expect(ruleWords(rule).join(' ')).toBe(words);
});

// Keeps rules as lines of a file, each with its chain.
const program = `echo "$0 $*" | sed 's/.*iptables /iptables /' >>"$FAKE/log"; shift 2; act=$1; chain=$2; shift; shift 2>/dev/null
touch "$FAKE/rules" "$FAKE/chains"
known() { [ "$chain" = INPUT ] || grep -qx "$chain" "$FAKE/chains"; }
case $act in
-S) known || { echo "no chain" >&2; exit 1; }; [ "$chain" != INPUT ] || echo "-P INPUT $(cat "$FAKE/policy" 2>/dev/null || echo ACCEPT)"; grep "^-A $chain " "$FAKE/rules"; exit 0 ;;
-C) known && grep -qxF -e "-A $chain $*" "$FAKE/rules" ;;
-A | -I) known && echo "-A $chain $*" >>"$FAKE/rules" ;;
-D) grep -vxF -e "-A $chain $*" "$FAKE/rules" >"$FAKE/new"; mv "$FAKE/new" "$FAKE/rules" ;;
-N) echo "$chain" >>"$FAKE/chains" ;;
-X) : >"$FAKE/chains" ;;
-F) : >"$FAKE/rules" ;;
-P) echo "$1" >"$FAKE/policy" ;;
esac`;

test('rules, chains and policies come and go, and once is enough', async () => {
  const directory = fresh();
  const host = hostWith(directory, { iptables: program }, { FAKE: directory });
  const reach = async (args: object) => {
    const { changes, outputs } = await host.apply(iptables, args);
    expect(outputs.map(({ code, stderr }) => [code, stderr])).toEqual(changes.length > 0 ? [[0, '']] : []);
    expect((await host.apply(iptables, args)).changes).toEqual([]);
    return changes.map(({ attribute, from, to }) => `${attribute}: ${from} -> ${to}`);
  };
  const rule = { chain: 'INPUT', protocol: 'tcp', destination_port: '80', jump: 'ACCEPT' };
  const words = '-p tcp -j ACCEPT --destination-port 80';
  expect(await reach(rule)).toEqual([`rule of INPUT: absent -> ${words}`]);
  expect(await reach({ ...rule, state: 'absent' })).toEqual([`rule of INPUT: ${words} -> absent`]);
  const mine = { chain: 'MINE', chain_management: true };
  expect(await reach({ ...mine, jump: 'DROP', comment: "it's $(here)" })).toEqual([
    'chain MINE: absent -> present',
    "rule of MINE: absent -> -j DROP -m comment --comment it's $(here)",
  ]);
  expect(await reach({ chain: 'INPUT', log_prefix: 'x' })).toEqual([
    'rule of INPUT: absent -> -j LOG --log-prefix x',
  ]);
  expect(await reach({ chain: 'INPUT', policy: 'DROP' })).toEqual(['policy of INPUT: ACCEPT -> DROP']);
  expect(await reach({ chain: 'INPUT', flush: true })).toEqual(['rules of INPUT: 1 -> absent']);
  expect(await reach({ ...mine, state: 'absent' })).toEqual(['chain MINE: present -> absent']);
});

test.each([
  [{}, 'Either chain or flush parameter must be specified.'],
  [{ chain: 'NONE', jump: 'DROP' }, 'the chain NONE does not exist; `chain_management: true` makes it'],
  [
    { chain: 'NONE', policy: 'DROP' },
    'NONE is no chain with a policy: only those that the kernel brings have one',
  ],
  [
    { chain: 'INPUT', log_prefix: 'x', jump: 'DROP' },
    'Logging options can only be used with the LOG jump target.',
  ],
  [{ chain: 'INPUT', jump: 'TEE' }, 'jump is TEE but all of the following are missing: gateway'],
  [{ chain: 'INPUT', flush: true, policy: 'DROP' }, 'flush and policy exclude each other'],
])('%j is refused', async (args, reason) => {
  const directory = fresh();
  const host = hostWith(directory, { iptables: program }, { FAKE: directory });
  expect((await host.plan(iptables, args)).refused).toEqual([reason]);
});

test('who may not look is told what to add', async () => {
  const program = 'echo "iptables: Permission denied (you must be root)." >&2; exit 4';
  const host = hostWith(fresh(), { iptables: program });
  expect((await host.plan(iptables, { chain: 'INPUT', jump: 'DROP' })).refused).toEqual([
    'iptables: Permission denied (you must be root).: add `become: true`',
  ]);
});
