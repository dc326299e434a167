import { type Place, parameter, type Statement } from './statement.ts';

/** A module that a file loads. */
export interface LoadedModule {
  readonly name: string;
  readonly legacy: boolean;
  readonly parameters: ReadonlyMap<string, readonly string[]>;
  readonly at: Place;
}

/** A port on which rsyslogd listens. */
export interface Listener {
  readonly module: string;
  readonly protocol: 'tcp' | 'udp';
  readonly port: string;
  /** Empty for every address. */
  readonly address: string;
  readonly legacy: boolean;
  readonly at: Place;
}

/** Another host to which lines are sent. */
export interface Forwarder {
  readonly target: string;
  /** The ruleset in which it stands; empty for what this host itself logs. */
  readonly ruleset: string;
  readonly at: Place;
}

/** What a configuration loads, opens and sends. */
export interface Configured {
  readonly modules: readonly LoadedModule[];
  readonly listeners: readonly Listener[];
  readonly forwarders: readonly Forwarder[];
  /** Sockets that imuxsock serves beside the system's own. */
  readonly sockets: readonly { readonly path: string; readonly at: Place }[];
  readonly senders: readonly {
    readonly protocol: string;
    readonly allowed: readonly string[];
    readonly at: Place;
  }[];
  /** Settings of TLS for all of rsyslogd, by their names in lower case. */
  readonly drivers: readonly { readonly name: string; readonly value: string; readonly at: Place }[];
  /** Who rsyslogd becomes after its start; undefined when it stays root. */
  readonly user: string | undefined;
}

const protocols: Readonly<Record<string, 'tcp' | 'udp'>> = {
  imtcp: 'tcp',
  imptcp: 'tcp',
  imrelp: 'tcp',
  imgssapi: 'tcp',
  imudp: 'udp',
};

const legacyListeners: Readonly<Record<string, string>> = {
  inputtcpserverrun: 'imtcp',
  inputptcpserverrun: 'imptcp',
  inputrelpserverrun: 'imrelp',
  inputgssserverrun: 'imgssapi',
  udpserverrun: 'imudp',
};

/** Sums up statements in the order in which they are read. */
export function configured(statements: readonly Statement[]): Configured {
  return {
    modules: statements.flatMap(moduleOf),
    listeners: listenersOf(statements),
    forwarders: statements.flatMap(forwarderOf),
    sockets: statements.flatMap(socketOf),
    senders: statements.flatMap(sendersOf),
    drivers: statements.flatMap(driversOf),
    user: statements.flatMap(userOf).at(-1),
  };
}

// A module may be named by its path, `imtcp.so`, or with lm before it.
function moduleName(word: string): string {
  return word.replace(/^.*\//, '').replace(/\.so$/, '');
}

function moduleOf(statement: Statement): readonly LoadedModule[] {
  const { at } = statement;
  if (statement.kind === 'directive' && statement.name === 'modload')
    return [{ name: moduleName(statement.value), legacy: true, parameters: new Map(), at }];
  if (statement.kind !== 'object' || statement.name !== 'module') return [];
  const name = parameter(statement.parameters, 'load');
  if (name === undefined) return [];
  return [{ name: moduleName(name), legacy: false, parameters: statement.parameters, at }];
}

function listenersOf(statements: readonly Statement[]): readonly Listener[] {
  let address = '';
  return statements.flatMap((statement): Listener[] => {
    const { at } = statement;
    if (statement.kind === 'directive') {
      // It counts for the UDP listeners behind it.
      if (statement.name === 'udpserveraddress') address = statement.value === '*' ? '' : statement.value;
      const module = legacyListeners[statement.name];
      const protocol = protocols[module ?? ''];
      if (module === undefined || protocol === undefined) return [];
      const own = protocol === 'udp' ? address : '';
      return [{ module, protocol, port: statement.value, address: own, legacy: true, at }];
    }
    if (statement.kind !== 'object' || statement.name !== 'input') return [];
    const module = parameter(statement.parameters, 'type') ?? '';
    const protocol = protocols[module];
    if (protocol === undefined) return [];
    const own = parameter(statement.parameters, 'address') ?? '';
    const ports = statement.parameters.get('port') ?? ['514'];
    return ports.map((port) => ({ module, protocol, port, address: own, legacy: false, at }));
  });
}

function forwarderOf(statement: Statement): readonly Forwarder[] {
  const { at, within: ruleset } = statement;
  if (statement.kind === 'forward') {
    const target = statement.target.replace(/^(@@?(\([^)]*\))?|:omrelp:)/, '');
    return [{ target, ruleset, at }];
  }
  if (statement.kind !== 'object' || statement.name !== 'action') return [];
  const type = parameter(statement.parameters, 'type');
  if (type !== 'omfwd' && type !== 'omrelp') return [];
  const port = parameter(statement.parameters, 'port');
  const target = parameter(statement.parameters, 'target') ?? '';
  return [{ target: port === undefined ? target : `${target}:${port}`, ruleset, at }];
}

function socketOf(statement: Statement): Configured['sockets'] {
  const { at } = statement;
  if (statement.kind === 'directive')
    return statement.name === 'addunixlistensocket' ? [{ path: statement.value, at }] : [];
  if (statement.kind !== 'object' || statement.name !== 'input') return [];
  if (parameter(statement.parameters, 'type') !== 'imuxsock') return [];
  const path = parameter(statement.parameters, 'socket');
  return path === undefined ? [] : [{ path, at }];
}

function sendersOf(statement: Statement): Configured['senders'] {
  if (statement.kind !== 'directive' || statement.name !== 'allowedsender') return [];
  const [protocol = '', ...allowed] = statement.value.split(/[\s,]+/).filter((word) => word !== '');
  return [{ protocol: protocol.toLowerCase(), allowed, at: statement.at }];
}

function driversOf(statement: Statement): Configured['drivers'] {
  const { at } = statement;
  if (statement.kind === 'directive' && statement.name.startsWith('defaultnetstreamdriver'))
    return [{ name: statement.name, value: statement.value, at }];
  if (statement.kind !== 'object' || statement.name !== 'global') return [];
  return [...statement.parameters]
    .filter(([name]) => name.startsWith('defaultnetstreamdriver'))
    .map(([name, values]) => ({ name, value: values[0] ?? '', at }));
}

function userOf(statement: Statement): readonly string[] {
  if (statement.kind === 'directive' && statement.name === 'privdroptouser') return [statement.value];
  if (statement.kind !== 'object' || statement.name !== 'global') return [];
  return statement.parameters.get('privdrop.user.name')?.slice(0, 1) ?? [];
}
