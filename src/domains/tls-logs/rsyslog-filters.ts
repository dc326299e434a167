import type { DomainFilter } from '../../resources/domain.ts';
import { excludedSenders, type Sender } from './rsyslog-configuration/allowed-senders.ts';
import { proofPriority } from './rsyslog-configuration/selector.ts';

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

type Hosts = Readonly<Record<string, { readonly ansible_facts?: unknown } | undefined>>;

function senderOf(host: string, hosts: Hosts): Sender {
  const facts = (hosts[host]?.ansible_facts ?? {}) as Readonly<Record<string, unknown>>;
  const lists = [facts.all_ipv4_addresses, facts.all_ipv6_addresses];
  const addresses = lists.flatMap((list) => (Array.isArray(list) ? list.map(String) : []));
  return { host, addresses: addresses.filter((one) => !/^(127\.|::1$|fe80:)/i.test(one)) };
}
