import { isUtf8 } from 'node:buffer';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { nearest } from '../../../errors/did-you-mean.ts';
import type { Position, Problem } from '../../../errors/problem.ts';
import { isMapping } from '../../../jinja/values/value.ts';
import type { AnyResource } from '../../../resources/resource.ts';
import { isEncrypted, Vault, VaultError } from '../vault/vault.ts';
import { parseYaml } from '../yaml/yaml.ts';
import type { YamlNode } from '../yaml/yaml-node.ts';

let shownFrom = { directory: '', paths: new Map<string, string>() };

/** A path as messages show it: relative when it lies below the working directory. */
export function displayPath(file: string): string {
  const directory = process.cwd();
  if (shownFrom.directory !== directory) shownFrom = { directory, paths: new Map() };
  const known = shownFrom.paths.get(file);
  if (known !== undefined) return known;
  const short = relative(directory, file);
  const shown = short === '' || short.startsWith('..') || isAbsolute(short) ? file : short;
  shownFrom.paths.set(file, shown);
  return shown;
}

/** Whether a path is a file, a directory or neither. */
export function pathKind(path: string): 'file' | 'directory' | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return 'directory';
  return stat ? 'file' : undefined;
}

// Values that are read as they were meant, whatever is wrong with their spelling.
const readable = new Set(['large-number', 'unquoted-octal', 'unquoted-template']);

/** What one load shares: files read, each once, and everything found wrong so far. */
export class Loading {
  readonly problems: Problem[] = [];
  readonly warnings: string[] = [];
  /** Texts by displayed path. */
  readonly sources = new Map<string, string>();
  readonly resources: ReadonlyMap<string, AnyResource>;
  /** Opens what ansible-vault has encrypted. */
  readonly vault: Vault;
  readonly rolesPath: readonly string[];
  readonly #yaml = new Map<string, YamlNode | undefined>();
  readonly #made = new WeakMap<object, Map<string, unknown>>();
  /** Places where YAML itself is wrong: what else is found there only follows from it. */
  readonly #broken = new Set<string>();
  #whole = true;

  /** @param rolesPath further folders in which roles are looked for, absolute */
  constructor(
    resources: ReadonlyMap<string, AnyResource>,
    vault = new Vault([], () => {}),
    rolesPath: readonly string[] = [],
  ) {
    this.resources = resources;
    this.rolesPath = rolesPath;
    this.vault = vault;
  }

  /** Adds problems because of which something of the playbook is missing from what is built. */
  report(...problems: readonly Problem[]): void {
    if (problems.length > 0) this.#whole = false;
    this.remark(...problems);
  }

  /** Adds problems that leave nothing out: what is built can still be checked further. */
  remark(...problems: readonly Problem[]): void {
    this.problems.push(...problems.filter(({ at }) => !at || !this.#broken.has(placeKey(at))));
  }

  /** False once a problem has left something out: what refers to it cannot be judged any more. */
  get whole(): boolean {
    return this.#whole;
  }

  /** What is made of a part of a file, made only once: every play that has a role reads the same files. */
  once<Made>(part: object, kind: string, make: () => Made): Made {
    const made = this.#made.get(part) ?? new Map<string, unknown>();
    this.#made.set(part, made);
    if (!made.has(kind)) made.set(kind, make());
    return made.get(kind) as Made;
  }

  /** The text of a file; undefined and a problem, at the place that names it, when it cannot be read. */
  text(file: string, from?: Position): string | undefined {
    const shown = displayPath(file);
    const known = this.sources.get(shown);
    if (known !== undefined) return known;
    try {
      const bytes = readFileSync(file);
      const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
      if (!isUtf8(bytes)) this.report(notUtf8(shown, bytes));
      this.sources.set(shown, text);
      return text;
    } catch (error) {
      this.report(unreadable(file, error, from));
      return undefined;
    }
  }

  /** A YAML file with positions; undefined and problems when it cannot be read or its syntax is broken. */
  yaml(file: string, from?: Position): YamlNode | undefined {
    if (this.#yaml.has(file)) return this.#yaml.get(file);
    const text = this.text(file, from);
    if (text === undefined) return undefined;
    return isEncrypted(text) ? this.#opened(file, text) : this.parse(file, text);
  }

  // Nothing of it is shown: neither its lines around a mistake nor its values.
  #opened(file: string, text: string): YamlNode | undefined {
    const shown = displayPath(file);
    let root: YamlNode | undefined;
    try {
      root = this.parse(file, this.vault.open(text).toString('utf8'));
    } catch (error) {
      if (!(error instanceof VaultError)) throw error;
      const at = { file: shown, line: 1, column: 1 };
      this.report({ code: 'encrypted', message: error.message, at, hint: error.hint });
      this.#yaml.set(file, undefined);
    }
    this.sources.set(shown, text);
    for (const secret of textsIn(root?.value)) this.vault.hide(secret);
    return root;
  }

  /** YAML text that stands for a file, e.g. from the command line. */
  parse(file: string, text: string): YamlNode | undefined {
    const shown = displayPath(file);
    this.sources.set(shown, text);
    const { root, problems } = parseYaml(shown, text, this.vault);
    for (const problem of problems) {
      if (readable.has(problem.code)) this.remark(problem);
      else this.report(problem);
    }
    for (const { at } of problems) if (at) this.#broken.add(placeKey(at));
    this.#yaml.set(file, root);
    return root;
  }

  /** A YAML file that must hold a mapping; an empty one counts as an empty mapping. */
  mapping(file: string, what: string, from?: Position): YamlNode | undefined {
    const node = this.yaml(file, from);
    if (!node || node.isMapping()) return node;
    if (node.value === null) return node.withEntries([]);
    this.report({
      code: 'wrong-type',
      message: `${what} must be a mapping of names and values`,
      at: node.position,
    });
    return undefined;
  }
}

function textsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (isMapping(value)) return Object.values(value).flatMap(textsIn);
  return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
}

/** A place as a key: two problems at the same one are about the same thing. */
export function placeKey({ file, line, column }: Position): string {
  return `${file}:${line}:${column}`;
}

// The file that was meant, when one beside it has nearly the name; else where the path was followed from.
function missingHint(file: string, from: Position | undefined): string | undefined {
  const directory = dirname(file);
  if (pathKind(directory) === 'directory') {
    const near = nearest(basename(file), readdirSync(directory));
    if (near !== undefined) return `did you mean '${displayPath(join(directory, near))}'?`;
  }
  return from || displayPath(file) === file ? undefined : `the path is relative to ${process.cwd()}`;
}

function unreadable(file: string, error: unknown, from: Position | undefined): Problem {
  const shown = displayPath(file);
  const code = (error as NodeJS.ErrnoException).code;
  const place = from ? { at: from } : {};
  if (code === 'ENOENT') {
    const hint = missingHint(file, from);
    return { code: 'missing-file', message: `there is no file ${shown}`, ...place, ...(hint && { hint }) };
  }
  if (code === 'EISDIR')
    return { code: 'missing-file', message: `${shown} is a directory, not a file`, ...place };
  if (code === 'EACCES') {
    const hint = 'check the permissions of the file and of the directories above it';
    return { code: 'unreadable-file', message: `${shown} cannot be read: permission denied`, hint, ...place };
  }
  return { code: 'unreadable-file', message: `${shown} cannot be read: ${code ?? String(error)}`, ...place };
}

// Where the first byte stands that is not part of a character.
function notUtf8(file: string, bytes: Buffer): Problem {
  let end = 0;
  for (const line of bytes.toString('latin1').split('\n')) {
    const part = bytes.subarray(end, end + line.length);
    if (!isUtf8(part)) {
      const before = bytes.subarray(0, end).toString('latin1').split('\n').length;
      const column = part.toString('utf8').indexOf('\uFFFD') + 1;
      return {
        code: 'not-utf8',
        message: `${file} is not UTF-8`,
        at: { file, line: before, column },
        why: 'a byte there is part of no character: the file has another encoding, mostly Latin-1',
        hint: `\`iconv -f ISO-8859-1 -t UTF-8 ${file}\` prints it as UTF-8; let your editor save it so`,
      };
    }
    end += line.length + 1;
  }
  return { code: 'not-utf8', message: `${file} is not UTF-8` };
}
