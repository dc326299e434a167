import { globSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { FileCache } from '../file-cache.ts';
import type { LocalMachine } from './local-machine.ts';
import { type ConfigLine, parseConfig } from './ssh-config-line.ts';
import { evaluateMatch, matchesHost } from './ssh-config-match.ts';
import { matchesPattern } from './ssh-pattern.ts';
import { expandTilde } from './ssh-tokens.ts';

/** The directives that apply to a host: the first of each keyword, and every IdentityFile. */
export interface ConfigOptions {
  readonly first: ReadonlyMap<string, ConfigLine>;
  readonly identityFiles: readonly ConfigLine[];
  /** Blocks that may apply under ssh but are not evaluated here. */
  readonly notes: readonly string[];
}

/** Who is asked for: as on ssh's command line, before any file is read. */
export interface ConfigQuery {
  readonly originalHost: string;
  readonly user: string | undefined;
  /** Instead of ~/.ssh/config and /etc/ssh/ssh_config. */
  readonly configFile: string | undefined;
  readonly machine: LocalMachine;
}

const maxDepth = 16;
const cache = new FileCache(parseConfig);
// Two ways to say the same thing: whichever comes first shuts the other out.
const proxies = ['proxyjump', 'proxycommand'];

class ConfigReader {
  readonly first = new Map<string, ConfigLine>();
  readonly identityFiles: ConfigLine[] = [];
  readonly notes = new Set<string>();
  wantsFinal = false;
  #finalPass = false;
  readonly #query: ConfigQuery;

  constructor(query: ConfigQuery) {
    this.#query = query;
  }

  pass(finalPass: boolean): void {
    this.#finalPass = finalPass;
    const { configFile, machine } = this.#query;
    const own = join(machine.home, '.ssh');
    if (configFile !== undefined) {
      if (!this.#read(configFile, own, 0)) throw new Error(`${configFile}: there is no such file`);
      return;
    }
    const file = join(own, 'config');
    this.#checkOwner(file);
    this.#read(file, own, 0);
    this.#read('/etc/ssh/ssh_config', '/etc/ssh', 0);
  }

  /** The host name so far; `%h` in it is the name that was asked for. */
  get host(): string {
    const { originalHost } = this.#query;
    return this.first.get('hostname')?.words[0]?.replaceAll('%h', originalHost) ?? originalHost;
  }

  // As ssh: somebody else who can write this file decides where we connect to.
  #checkOwner(file: string): void {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (!stat) return;
    const foreign = stat.uid !== 0 && stat.uid !== this.#query.machine.uid;
    if (foreign || (stat.mode & 0o022) !== 0) {
      throw new Error(`${file}: others may write to it; \`chmod 600 ${file}\` and own it, as ssh demands`);
    }
  }

  #read(file: string, includeBase: string, depth: number): boolean {
    const lines = cache.read(file);
    if (!lines) return false;
    if (depth > maxDepth) throw new Error(`${file}: Include is nested more than ${maxDepth} deep`);
    let active = true;
    for (const line of lines) {
      if (line.keyword === 'host') active = matchesHost(line, this.#query.originalHost);
      else if (line.keyword === 'match') active = this.#match(line);
      else if (active && line.keyword === 'include') this.#include(line, includeBase, depth);
      else if (active) this.#take(line);
    }
    return true;
  }

  #match(line: ConfigLine): boolean {
    const { originalHost, user, machine } = this.#query;
    const subject = {
      originalHost,
      host: this.host,
      user: user ?? this.first.get('user')?.words[0] ?? machine.user,
      localUser: machine.user,
      finalPass: this.#finalPass,
    };
    const verdict = located(line, () => evaluateMatch(line, subject));
    this.wantsFinal ||= verdict.wantsFinal;
    if (verdict.undecided !== undefined) {
      this.notes.add(`\`Match ${verdict.undecided}\` at ${line.file}:${line.line} is not evaluated`);
    }
    return verdict.active;
  }

  #include(line: ConfigLine, base: string, depth: number): void {
    for (const word of line.words) {
      const expanded = located(line, () => expandTilde(word, this.#query.machine.home));
      const pattern = isAbsolute(expanded) ? expanded : join(base, expanded);
      for (const file of matchingFiles(pattern)) this.#read(file, base, depth + 1);
    }
  }

  #take(line: ConfigLine): void {
    const { keyword, words } = line;
    if (keyword === 'identityfile') {
      if (!this.identityFiles.some((known) => known.words[0] === words[0])) this.identityFiles.push(line);
      return;
    }
    const taken = proxies.includes(keyword) ? proxies : [keyword];
    if (!taken.some((name) => this.first.has(name))) this.first.set(keyword, line);
  }
}

/** Files that an Include names, in the order in which ssh reads them. */
export function matchingFiles(pattern: string): readonly string[] {
  if (!/[*?[]/.test(pattern)) return [pattern];
  const [directory, name] = [dirname(pattern), basename(pattern)];
  const plain = !/[*?[]/.test(directory) && !name.includes('[');
  const files = plain ? namesIn(directory).filter((one) => matchesPattern(one, name)) : globSync(pattern);
  const hidden = name.startsWith('.');
  const shown = files.filter((file) => hidden || !basename(file).startsWith('.'));
  return (plain ? shown.map((file) => join(directory, file)) : shown).sort();
}

// The usual `config.d/*.conf` needs no more, and Node's own globs take as long to load as all that reads ssh_config.
function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** Gives an error the place in the file that it is about. */
export function located<Value>(line: ConfigLine | undefined, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (!line || !(error instanceof Error)) throw error;
    throw new Error(`${line.file}:${line.line}: ${error.message}`);
  }
}

/** Reads the files as ssh does: first value wins, a second pass when `Match final` asks for it. */
export function readConfigFiles(query: ConfigQuery): ConfigOptions {
  const reader = new ConfigReader(query);
  reader.pass(false);
  if (reader.wantsFinal) reader.pass(true);
  return { first: reader.first, identityFiles: reader.identityFiles, notes: [...reader.notes] };
}
