import { join } from 'node:path';
import { UnreachableError } from '../connection.ts';
import { type LocalMachine, thisMachine } from './local-machine.ts';
import { type JumpSpec, parseProxyJump } from './proxy-jump.ts';
import { type ConfigOptions, located, readConfigFiles } from './ssh-config-files.ts';
import type { ConfigLine } from './ssh-config-line.ts';
import type { SshSettings } from './ssh-settings.ts';
import { seconds } from './ssh-time.ts';
import { expandEnvironment, expandTilde, expandTokens, type Tokens } from './ssh-tokens.ts';

/** What is known before any file is read; wins over the files. */
export interface SshDestination {
  readonly alias: string;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  /** Tried before those of the files. */
  readonly identityFile?: string | undefined;
  /** The hosts on the way, instead of ProxyJump. */
  readonly jumps?: readonly JumpSpec[] | undefined;
}

const defaultIdentities = ['id_rsa', 'id_ecdsa', 'id_ed25519'];
const defaultUserHosts = '~/.ssh/known_hosts ~/.ssh/known_hosts2';
const defaultGlobalHosts = '/etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2';

class SettingsBuilder {
  readonly #destination: SshDestination;
  readonly #machine: LocalMachine;
  readonly #configFile: string | undefined;
  readonly #options: ConfigOptions;
  readonly #tokens: Tokens;
  readonly #host: string;
  readonly #port: number;
  readonly #user: string;

  constructor(destination: SshDestination, configFile: string | undefined, machine: LocalMachine) {
    const { alias, user } = destination;
    this.#destination = destination;
    this.#machine = machine;
    this.#configFile = configFile;
    this.#options = readConfigFiles({ originalHost: alias, user, configFile, machine });
    const host = this.#expand('hostname', (word) => expandTokens(word, { h: alias })) ?? alias;
    this.#host = host.toLowerCase();
    this.#port = destination.port ?? this.#readPort();
    this.#user = user ?? this.#word('user') ?? machine.user;
    this.#tokens = {
      h: this.#host,
      n: alias,
      p: String(this.#port),
      r: this.#user,
      u: machine.user,
      d: machine.home,
      i: String(machine.uid),
      k: this.#word('hostkeyalias') ?? alias,
      l: machine.hostname,
      L: machine.hostname.split('.')[0] ?? '',
    };
  }

  settings(): SshSettings {
    this.#expand('revokedhostkeys', (word) => {
      if (word !== 'none')
        throw new Error('RevokedHostKeys is not supported: mark the keys @revoked in known_hosts');
    });
    const strict = this.#word('stricthostkeychecking')?.toLowerCase();
    return {
      alias: this.#destination.alias,
      host: this.#host,
      port: this.#port,
      user: this.#user,
      sshCommand: this.#sshCommand(),
      identityFiles: this.#identityFiles(),
      identitiesOnly: this.#flag('identitiesonly', false),
      agentSocket: this.#agentSocket(),
      publicKeys: this.#flag('pubkeyauthentication', true),
      batchMode: this.#flag('batchmode', false),
      hostKeyAlias: this.#word('hostkeyalias'),
      userKnownHostsFiles: this.#hostsFiles('userknownhostsfile', defaultUserHosts),
      globalKnownHostsFiles: this.#hostsFiles('globalknownhostsfile', defaultGlobalHosts),
      acceptNewHostKeys: strict === 'accept-new',
      hashKnownHosts: this.#flag('hashknownhosts', false),
      jumps: this.#jumps(),
      connectTimeout: this.#milliseconds('connecttimeout'),
      keepaliveInterval: this.#milliseconds('serveraliveinterval') || 15_000,
      keepaliveCount: Number(this.#word('serveralivecountmax') ?? 3),
      family: { inet: 4 as const, inet6: 6 as const }[this.#word('addressfamily')?.toLowerCase() ?? ''] ?? 0,
      bindAddress: this.#word('bindaddress'),
      algorithms: this.#algorithms(),
      notes: this.#notes(strict),
    };
  }

  #line(keyword: string): ConfigLine | undefined {
    return this.#options.first.get(keyword);
  }

  #word(keyword: string): string | undefined {
    return this.#line(keyword)?.words[0];
  }

  #expand<Value>(keyword: string, work: (word: string) => Value): Value | undefined {
    const line = this.#line(keyword);
    const word = line?.words[0];
    return word === undefined ? undefined : located(line, () => work(word));
  }

  #flag(keyword: string, fallback: boolean): boolean {
    const word = this.#word(keyword)?.toLowerCase();
    return word === undefined ? fallback : word === 'yes' || word === 'true';
  }

  #milliseconds(keyword: string): number | undefined {
    return this.#expand(keyword, (word) => (word === 'none' ? undefined : seconds(word) * 1000));
  }

  #readPort(): number {
    const port = this.#expand('port', (word) => {
      const number = Number(word);
      if (Number.isInteger(number) && number > 0 && number < 65_536) return number;
      throw new Error(`'${word}' is not a port`);
    });
    return port ?? 22;
  }

  #path(text: string): string {
    const { env, home } = this.#machine;
    return expandTokens(expandEnvironment(expandTilde(text, home), env), this.#tokens);
  }

  #identityFiles(): readonly string[] {
    const given = this.#destination.identityFile;
    const configured = this.#options.identityFiles.map((line) =>
      located(line, () => this.#path(line.words[0] ?? '')),
    );
    const files = given === undefined ? configured : [this.#path(given), ...configured];
    if (files.length === 0) return defaultIdentities.map((name) => join(this.#machine.home, '.ssh', name));
    return [...new Set(files)].filter((file) => file.toLowerCase() !== 'none');
  }

  #agentSocket(): string | undefined {
    const { env } = this.#machine;
    const line = this.#line('identityagent');
    const word = line?.words[0] ?? 'SSH_AUTH_SOCK';
    if (word === 'none') return undefined;
    const socket = word === 'SSH_AUTH_SOCK' ? env.SSH_AUTH_SOCK : located(line, () => this.#agentPath(word));
    return socket || undefined;
  }

  #agentPath(word: string): string | undefined {
    return /^\$\w/.test(word) ? this.#machine.env[word.slice(1)] : this.#path(word);
  }

  #hostsFiles(keyword: string, fallback: string): readonly string[] {
    const line = this.#line(keyword);
    const words = line?.words ?? fallback.split(' ');
    return words.filter((word) => word !== 'none').map((word) => located(line, () => this.#path(word)));
  }

  #jumps(): readonly JumpSpec[] {
    if (this.#destination.jumps) return this.#destination.jumps;
    const command = this.#line('proxycommand');
    if (command && command.rest.toLowerCase() !== 'none')
      throw proxyCommandError(this.#destination.alias, command);
    const { h = '', n = '', p = '', r = '' } = this.#tokens;
    return this.#expand('proxyjump', (word) => parseProxyJump(expandTokens(word, { h, n, p, r }))) ?? [];
  }

  #algorithms(): SshSettings['algorithms'] {
    const names = { hostKey: 'hostkeyalgorithms', kex: 'kexalgorithms', cipher: 'ciphers', mac: 'macs' };
    const words = Object.entries(names).map(([name, keyword]) => [name, this.#word(keyword)]);
    return Object.fromEntries(words.filter(([, word]) => word !== undefined));
  }

  #notes(strict: string | undefined): readonly string[] {
    const notes = [...this.#options.notes];
    const at = (keyword: string): string => `at ${this.#line(keyword)?.file}:${this.#line(keyword)?.line}`;
    if (strict === 'no' || strict === 'off') {
      notes.push(
        `\`StrictHostKeyChecking ${strict}\` ${at('stricthostkeychecking')} is refused: host keys are always checked`,
      );
    }
    for (const [keyword, name] of [
      ['certificatefile', 'CertificateFile'],
      ['knownhostscommand', 'KnownHostsCommand'],
      ['pkcs11provider', 'PKCS11Provider'],
    ] as const) {
      if (this.#line(keyword)) notes.push(`${name} ${at(keyword)} is not supported`);
    }
    const canonicalise = this.#word('canonicalizehostname')?.toLowerCase();
    if (canonicalise === 'yes' || canonicalise === 'always') {
      notes.push(`CanonicalizeHostname ${at('canonicalizehostname')} is not supported: write the full name`);
    }
    return notes;
  }

  #sshCommand(): string {
    const { alias, port, user } = this.#destination;
    const words = ['ssh'];
    if (this.#configFile !== undefined) words.push('-F', this.#configFile);
    if (port !== undefined) words.push('-p', String(port));
    words.push(user === undefined ? alias : `${user}@${alias}`);
    return words.join(' ');
  }
}

function proxyCommandError(alias: string, { file, line, rest }: ConfigLine): UnreachableError {
  const jump = /^\S*ssh\s+(?:.*\s)?(?:-W\s+\S*%h:%p\S*\s+(\S+)|([^-\s]\S*)\s+-W\s+\S*%h:%p\S*)\s*$/.exec(
    rest,
  );
  const host = jump?.[1] ?? jump?.[2];
  return new UnreachableError(
    'connect',
    `${file}:${line}: '${alias}' is reached through ProxyCommand, which is not supported`,
    host === undefined
      ? 'reach it through an ssh host with `ProxyJump`, or set `ProxyCommand none` for it'
      : `write \`ProxyJump ${host}\` instead: it does the same`,
  );
}

/**
 * Fills a destination from ssh_config as `ssh -G` does.
 * Throws UnreachableError (`connect`) that names file and line of what cannot be read or is not supported.
 */
export function resolveSshConfig(
  destination: SshDestination,
  configFile?: string,
  machine: LocalMachine = thisMachine(),
): SshSettings {
  try {
    return new SettingsBuilder(destination, configFile, machine).settings();
  } catch (error) {
    if (error instanceof UnreachableError || !(error instanceof Error)) throw error;
    throw new UnreachableError(
      'connect',
      `ssh configuration of '${destination.alias}': ${error.message}`,
      'correct the file; `ssh -G HOST` shows what ssh makes of it',
    );
  }
}
