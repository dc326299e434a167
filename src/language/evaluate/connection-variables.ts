import { homedir } from 'node:os';
import { didYouMean } from '../../errors/did-you-mean.ts';
import type { Position, Problem, ProblemCode } from '../../errors/problem.ts';
import { TemplateError } from '../../jinja/values/template-error.ts';
import { Undefined } from '../../jinja/values/undefined.ts';
import { textOf } from '../../jinja/values/value.ts';
import { type BecomeMethod, becomeMethod, becomeMethods } from '../become-methods.ts';
import type { Play, Playbook, Source, VariableLayer } from '../model.ts';
import { hasHost } from '../play-members.ts';
import { namedMethods } from './named-methods.ts';
import { Scope } from './scope.ts';
import { layersOf } from './scope-layers.ts';

/** How a host is reached, after its variables; ssh_config fills what is left out. */
export interface HostConnection {
  readonly kind: 'ssh' | 'local';
  readonly address?: string;
  readonly port?: number;
  readonly user?: string;
  readonly identityFile?: string;
  readonly becomePassword?: string;
  /** sudo when left out. */
  readonly becomeMethod?: BecomeMethod;
  readonly problems: readonly Problem[];
  /** What was accepted and has no effect. */
  readonly warnings: readonly string[];
}

const renamed: Readonly<Record<string, string>> = {
  ansible_sudo: 'ansible_become',
  ansible_sudo_user: 'ansible_become_user',
  ansible_sudo_pass: 'ansible_become_password',
  ansible_su: 'ansible_become',
  ansible_su_user: 'ansible_become_user',
  ansible_su_pass: 'ansible_become_password',
};

// What is read below.
const understood: readonly string[] = [
  'ansible_host',
  'ansible_port',
  'ansible_user',
  'ansible_connection',
  'ansible_ssh_private_key_file',
  'ansible_private_key_file',
  'ansible_become',
  'ansible_become_user',
  'ansible_become_method',
  'ansible_become_password',
  'ansible_become_pass',
  'ansible_ssh_host',
  'ansible_ssh_port',
  'ansible_ssh_user',
];

const inSshConfig = 'write it into ~/.ssh/config for this host';
const refused: Readonly<Record<string, string>> = {
  ansible_password: 'use a key; passwords are not sent to hosts',
  ansible_ssh_pass: 'use a key; passwords are not sent to hosts',
  ansible_ssh_args: inSshConfig,
  ansible_ssh_common_args: inSshConfig,
  ansible_ssh_extra_args: inSshConfig,
  ansible_sftp_extra_args: inSshConfig,
  ansible_scp_extra_args: inSshConfig,
  ansible_ssh_executable: inSshConfig,
  ansible_ssh_private_key: 'name the file in ansible_ssh_private_key_file',
  ansible_become_exe: 'sudo, doas and su are found on the PATH of the host',
  ansible_become_flags: 'write the rules into the sudoers of the host',
};

const ignored: Readonly<Record<string, string>> = {
  ansible_python_interpreter: 'hosts need no Python',
  ansible_shell_type: 'hosts are always driven with sh',
  ansible_shell_executable: 'hosts are always driven with sh',
  ansible_ssh_pipelining: 'programs always travel over stdin',
  ansible_pipelining: 'programs always travel over stdin',
};

/** Names that say how to connect, those first that are not refused or ignored. */
export const connectionNames: readonly string[] = [
  ...understood,
  ...[renamed, refused, ignored].flatMap((names) => Object.keys(names)),
];

/** Reads the variables of one host, collecting what is wrong with them. */
class ConnectionReader {
  readonly problems: Problem[] = [];
  readonly warnings: string[] = [];
  readonly #host: string;
  readonly #playbook: Playbook;
  readonly #scope: Scope;
  readonly #layers: readonly VariableLayer[];

  constructor(playbook: Playbook, host: string, play: Play | undefined) {
    const memories = new Map();
    const world = { playbook, memories, check: false, activeHosts: ({ hosts }: Play) => hosts };
    const place = { host, play, task: undefined, locals: new Map(), added: new Map() };
    this.#host = host;
    this.#playbook = playbook;
    this.#scope = new Scope(world, place);
    const { aboveFacts, belowFacts } = layersOf(playbook.inventory.hosts.get(host), play, undefined);
    this.#layers = [playbook.extraVars, ...aboveFacts, ...belowFacts];
  }

  /** Reports the names that are not supported, and notes those that have no effect. */
  checkNames(): void {
    for (const [name, better] of Object.entries(renamed)) {
      this.#refuse(name, `'${name}' is an old name`, `write ${better}`);
    }
    for (const [name, hint] of Object.entries(refused))
      this.#refuse(name, `'${name}' is not supported`, hint);
    for (const [name, why] of Object.entries(ignored)) {
      if (this.#source(name)) this.warnings.push(`${this.#host}: ${name} has no effect: ${why}`);
    }
  }

  text(...names: readonly string[]): string | undefined {
    for (const name of names) {
      const value = this.#value(name);
      if (value !== undefined && value !== null && value !== '') return textOf(value);
    }
    return undefined;
  }

  port(): number | undefined {
    const text = this.text('ansible_ssh_port', 'ansible_port');
    if (text === undefined) return undefined;
    const port = Number(text);
    if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
    this.#report(
      'wrong-type',
      `ansible_port must be a number from 1 to 65535, not '${text}'`,
      'ansible_port',
    );
    return undefined;
  }

  kind(): 'ssh' | 'local' {
    const name = this.text('ansible_connection');
    if (name === undefined) return this.#isImplicitLocal() ? 'local' : 'ssh';
    if (name === 'local' || name === 'ansible.builtin.local') return 'local';
    if (['ssh', 'smart', 'ansible.builtin.ssh', 'paramiko', 'paramiko_ssh'].includes(name)) return 'ssh';
    const hint = didYouMean(name, ['ssh', 'local']);
    this.#report('not-supported', `the connection '${name}' is not supported`, 'ansible_connection', hint);
    return 'ssh';
  }

  // One for all of a run: the shells that were opened stay, and the host's lock with one of them.
  becomeMethod(): BecomeMethod | undefined {
    const text = this.text('ansible_become_method');
    if (text === undefined) return this.#namedMethod();
    const method = becomeMethod(text);
    if (method) return method;
    const hint = didYouMean(text, becomeMethods);
    const message = `becoming another user with '${text}' is not supported`;
    this.#report('not-supported', message, 'ansible_become_method', hint);
    return undefined;
  }

  #namedMethod(): BecomeMethod | undefined {
    const [first, second] = namedMethods(this.#playbook, this.#host);
    if (first && second) {
      const [before, { file, line }] = first;
      this.problems.push({
        code: 'not-supported',
        message: `become_method is '${second[0]}' here and '${before}' for other tasks of the same host`,
        at: second[1],
        why: `'${before}' stands in ${file}:${line}; a host has one method for all of a run`,
        hint: 'write the same in both places, or set ansible_become_method for the host, which counts for all',
      });
    }
    return first?.[0];
  }

  // Without an entry of its own, localhost is this machine.
  #isImplicitLocal(): boolean {
    return (
      ['localhost', '127.0.0.1'].includes(this.#host) &&
      this.text('ansible_ssh_host', 'ansible_host', 'ansible_ssh_port', 'ansible_port') === undefined
    );
  }

  #source(name: string): Source | undefined {
    return this.#layers.find(({ variables }) => variables.has(name))?.variables.get(name);
  }

  #value(name: string): unknown {
    if (!this.#source(name)) return undefined;
    try {
      const value = this.#scope.find(name);
      if (value instanceof Undefined) throw value.error();
      return value;
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      this.problems.push(error.problem(this.#place(name)));
      return undefined;
    }
  }

  #place(name: string): Position | undefined {
    return this.#source(name)?.at();
  }

  #refuse(name: string, message: string, hint: string): void {
    if (this.#source(name)) this.#report('not-supported', message, name, hint);
  }

  #report(code: ProblemCode, message: string, name: string, hint?: string): void {
    const at = this.#place(name);
    // A place shows which host is meant, and one place may serve many hosts.
    this.problems.push({
      code,
      message: at ? message : `${this.#host}: ${message}`,
      ...(at && { at }),
      ...(hint && { hint }),
    });
  }
}

/** How to reach a host, from its `ansible_*` variables; those of the first play on it count too. */
export function connectionOf(playbook: Playbook, host: string): HostConnection {
  const reader = new ConnectionReader(
    playbook,
    host,
    playbook.plays.find((play) => hasHost(play, host)),
  );
  reader.checkNames();
  const method = reader.becomeMethod();
  const kind = reader.kind();
  // Of two names the older one counts, as with Ansible. An IPv6 address may stand in brackets, as beside a port.
  const address = reader.text('ansible_ssh_host', 'ansible_host')?.replace(/^\[(.*:.*)\]$/, '$1');
  const port = reader.port();
  const user = reader.text('ansible_ssh_user', 'ansible_user');
  const keyFile = reader.text('ansible_ssh_private_key_file', 'ansible_private_key_file');
  const becomePassword = reader.text('ansible_become_password', 'ansible_become_pass');
  return {
    kind,
    ...(address !== undefined && { address }),
    ...(port !== undefined && { port }),
    ...(user !== undefined && { user }),
    ...(keyFile !== undefined && { identityFile: keyFile.replace(/^~(?=\/)/, homedir()) }),
    ...(becomePassword !== undefined && { becomePassword }),
    ...(method !== undefined && method !== 'sudo' && { becomeMethod: method }),
    problems: reader.problems,
    warnings: reader.warnings,
  };
}

/** Whether a host is the machine on which the playbook runs; it need not be in the inventory. */
export function isControlNode(playbook: Playbook, host: string): boolean {
  return playbook.inventory.hosts.has(host)
    ? connectionOf(playbook, host).kind === 'local'
    : host === 'localhost' || host === '127.0.0.1';
}
