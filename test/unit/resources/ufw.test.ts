import { describe, expect, test } from 'vitest';
import { altersRules, insertPlace, ufwWords } from '../../../src/resources/firewalls/ufw-rule.ts';
import { ufw } from '../../../src/resources/ufw.ts';
import { scratch } from '../../helpers/resources/file-tree.ts';
import { prepared } from '../../helpers/resources/shell-host.ts';
import { hostWith } from '../../helpers/resources/stand-ins.ts';

const fresh = scratch();

test.each([
  [{ rule: 'allow', to_port: '22', proto: 'tcp' }, 'allow from any to any port 22 proto tcp'],
  [{ rule: 'deny', from_ip: '10.0.0.0/8', delete: true }, 'delete deny from 10.0.0.0/8 to any'],
  [{ rule: 'allow', direction: 'in', interface: 'eth0', log: true }, 'allow in on eth0 log from any to any'],
  [
    { rule: 'allow', route: true, interface_in: 'a', interface_out: 'b' },
    'route allow in on a out on b from any to any',
  ],
  [
    { rule: 'limit', name: 'OpenSSH', comment: 'a b', from_port: '1' },
    'limit from any port 1 to any app OpenSSH comment a b',
  ],
])('%j', (rule, words) => {
  expect(ufwWords(rule, undefined).join(' ')).toBe(words);
});

const numbered =
  'Status: active\n\n[ 1] 22 ALLOW IN Anywhere\n[ 2] 80 ALLOW IN Anywhere\n[ 3] 22 (v6) ALLOW\n';
test.each([
  [3, 'zero', 3],
  [0, 'first-ipv4', 1],
  [0, 'last-ipv4', 2],
  [-1, 'last-ipv4', 1],
  [0, 'first-ipv6', 3],
  [0, 'last-ipv6', 3],
  [1, 'last-ipv6', undefined],
])('rule number %i from %s', (insert, insert_relative_to, place) => {
  expect(insertPlace({ insert, insert_relative_to }, numbered)).toBe(place);
  expect(insertPlace({ insert, insert_relative_to, delete: true }, numbered)).toBeUndefined();
});

const tuple = '### tuple ### allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in\n';
const four = `*filter\n:ufw-user-input - [0:0]\n${tuple}`;
const six = '*filter\n:ufw6-user-input - [0:0]\n';
test.each([
  ['Skipping adding existing rule\nSkipping adding existing rule (v6)\n', '', false],
  ['Could not delete non-existent rule\n', '', false],
  [`${four}${six}Rules updated\n`, '', true],
  [`${four}${six}Rules updated\n`, tuple, false],
  [`${six}Rules updated (v6)\n`, tuple, false],
])('a dry run that prints %j', (dryRun, rules, alters) => {
  expect(altersRules(dryRun, { four: rules, six: '' })).toBe(alters);
});

describe('what differs', () => {
  const settings = new Map([
    ['ENABLED', 'no'],
    ['LOGLEVEL', 'low'],
    ['DEFAULT_INPUT_POLICY', 'drop'],
    ['DEFAULT_OUTPUT_POLICY', 'accept'],
  ]);
  const rules = { four: '', six: '' };
  const have = {
    program: true,
    refused: undefined,
    active: false,
    settings,
    numbered: '',
    rules,
    status: '',
  };
  test.each([
    [{ state: 'enabled' }, ['state: disabled -> enabled']],
    [{ state: 'disabled' }, []],
    [{ state: 'reset' }, ['state: undefined -> reset']],
    [{ default: 'deny' }, []],
    [{ policy: 'reject' }, ['default of incoming: deny -> reject']],
    [{ default: 'deny', direction: 'outgoing' }, ['default of outgoing: allow -> deny']],
    [{ logging: 'on' }, []],
    [{ logging: 'full' }, ['logging: low -> full']],
    [{ logging: 'off' }, ['logging: low -> off']],
  ])('%j', (want, changes) => {
    const { policy, ...rest } = want as { policy?: string };
    const args = prepared(ufw, { ...rest, ...(policy && { default: policy }) }) as never;
    const found = ufw.diff(args, { ...have, dryRun: undefined });
    expect(found.map(({ attribute, from, to }) => `${attribute}: ${from} -> ${to}`)).toEqual(changes);
  });
});

test('commands run in the order of Ansible, and a rule that is there is not written again', async () => {
  const directory = fresh();
  const program = `echo "ufw $*" >>"$FAKE/log"; case $* in
"status verbose") echo "Status: inactive" ;;
--dry-run*) [ ! -e "$FAKE/there" ] || { echo "Skipping adding existing rule"; exit 0; }; echo "Rules updated" ;;
allow*) : >"$FAKE/there" ;;
esac`;
  const host = hostWith(directory, { ufw: program }, { FAKE: directory });
  const rule = { rule: 'allow', to_port: '22' };
  const { outputs, result } = await host.apply(ufw, { ...rule, state: 'reloaded' });
  expect(outputs.map(({ code }) => code)).toEqual([0]);
  expect(result.commands).toEqual(['ufw -f reload', 'ufw allow from any to any port 22']);
  expect((await host.plan(ufw, rule)).changes).toEqual([]);
});

test.each([
  [{}, 'one of the following is required: state, default, rule, logging'],
  [{ rule: 'allow', interface: 'eth0' }, 'interface needs direction: in or out'],
  [
    { default: 'deny', direction: 'in' },
    'For default, direction must be one of "outgoing", "incoming" and "routed", or left out',
  ],
  [{ rule: 'deny', direction: 'routed' }, 'For rules, direction must be one of "in" and "out", or left out'],
  [
    { rule: 'deny', interface_in: 'a', interface_out: 'b' },
    'Only route rules can combine interface_in and interface_out',
  ],
  [{ rule: 'deny', name: 'x' }, 'ufw refuses this: ERROR: no profile'],
])('%j is refused', async (args, reason) => {
  const program = 'case $1 in --dry-run) echo "ERROR: no profile" >&2; exit 1 ;; esac; echo Status: inactive';
  expect((await hostWith(fresh(), { ufw: program }).plan(ufw, args)).refused).toEqual([reason]);
});
