import { isIP } from 'node:net';
import type { DomainFilter } from '../../resources/domain.ts';
import { excludedSenders, type Sender } from './rsyslog-configuration/allowed-senders.ts';
import { type RelayTarget, relayLoop } from './rsyslog-configuration/relay-loop.ts';
import { proofPriority } from './rsyslog-configuration/selector.ts';
import { type SenderChoice, senderCondition } from './rsyslog-configuration/sender-condition.ts';

/** `selector | log_selector_fault`: why no line of a program can pass a selector; empty when one can. */
export const logSelectorFault: DomainFilter = (selector) => {
  const found = proofPriority(String(selector));
  return 'fault' in found ? found.fault : '';
};

interface Allowed {
  readonly protocol: string;
  readonly allowed: readonly string[];
  readonly place: string;
}

/**
 * `senders | log_excluded(hostvars, hosts, 'tcp')`: the hosts that a list of allowed senders leaves out, with the place of the list and the line
 * that it would have to be; {} when there are none. Addresses are facts; of a host without any nothing is known.
 */
export const logExcluded: DomainFilter = (senders, [hosts, names, protocol]) => {
  const lists = (senders as readonly Allowed[]).filter((one) => one.protocol === protocol);
  const [first] = lists;
  if (!first) return {};
  const excluded = excludedSenders(
    lists.flatMap(({ allowed }) => allowed),
    (names as readonly string[]).map((host) => senderOf(host, hosts as Hosts)),
  );
  if (excluded.length === 0) return {};
  return {
    place: first.place,
    hosts: excluded.map(({ host, addresses }) => `${host} (${addresses.join(', ')})`),
    line: ['$AllowedSender TCP', ...first.allowed, ...excluded.map(({ addresses }) => addresses[0])].join(
      ', ',
    ),
  };
};

/**
 * `hostvars | log_sender_addresses(hosts)`: the addresses from which hosts send, and the hosts of which none is known: {addresses, unknown}.
 */
export const logSenderAddresses: DomainFilter = (hosts, [names]) => {
  const senders = (names as readonly string[]).map((host) => senderOf(host, hosts as Hosts));
  const known = ({ host, addresses }: Sender) => {
    const own = (hosts as Hosts)[host]?.ansible_host;
    return addresses.length > 0 || typeof own !== 'string' || isIP(own) === 0 ? addresses : [own];
  };
  return {
    addresses: [...new Set(senders.flatMap(known))].sort(),
    unknown: senders.filter((sender) => known(sender).length === 0).map(({ host }) => host),
  };
};

/** `ruleset | log_sender_condition`: the condition of rsyslog that is true for lines of its senders. */
export const logSenderCondition: DomainFilter = (choice) => senderCondition(choice as SenderChoice);

type Hosts = Readonly<
  Record<string, { readonly ansible_facts?: unknown; readonly ansible_host?: unknown } | undefined>
>;

function senderOf(host: string, hosts: Hosts): Sender {
  const facts = (hosts[host]?.ansible_facts ?? {}) as Readonly<Record<string, unknown>>;
  const lists = [facts.all_ipv4_addresses, facts.all_ipv6_addresses];
  const addresses = lists.flatMap((list) => (Array.isArray(list) ? list.map(String) : []));
  return { host, addresses: addresses.filter((one) => !/^(127\.|::1$|fe80:)/i.test(one)) };
}

/**
 * `hostvars | log_relay_loop(hosts, start, senders)`: how lines that a log server relays come back to it, `h1 -> h3 -> h1`; '' when they do not.
 */
export const logRelayLoop: DomainFilter = (hosts, [names, start, senders]) =>
  relayLoop(
    String(start),
    senders as readonly string[],
    (names as readonly string[]).map((name) => {
      const {
        ansible_host,
        log_server_name,
        log_target,
        rsyslog_server_relay_to: to,
      } = (hosts as Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>)[name] ?? {
        ansible_host: undefined,
      };
      // A log's name is that of its server; the hosts that send to it have the variable too.
      const own = Array.isArray(to) || name === start ? [log_server_name, log_target] : [];
      const known = [ansible_host, ...own].filter((one) => typeof one === 'string');
      return { name, names: known, relaysTo: Array.isArray(to) ? (to as readonly RelayTarget[]) : [] };
    }),
  ).join(' -> ');
