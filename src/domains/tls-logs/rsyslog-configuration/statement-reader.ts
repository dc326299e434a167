import type { Parameters, Statement } from './statement.ts';
import { TextCursor } from './text-cursor.ts';

const objects = new Set([
  'action',
  'global',
  'include',
  'input',
  'lookup_table',
  'main_queue',
  'module',
  'parser',
  'ruleset',
  'template',
  'timezone',
]);

/**
 * Reads a file of rsyslog's configuration, RainerScript and legacy lines mixed. What rsyslogd itself would refuse gives what
 * can be made out: whether it is valid is rsyslogd's to say.
 */
export function readStatements(file: string, text: string): readonly Statement[] {
  return [...new FileReader(file, text).statements()];
}

/** The lines of closing braces that close nothing, with nothing else on them. */
export function strayBraces(file: string, text: string): readonly number[] {
  const reader = new FileReader(file, text);
  for (const _ of reader.statements());
  const lines = text.split('\n');
  return reader.strays.filter((line) => lines[line - 1]?.trim() === '}');
}

class FileReader {
  readonly #file: string;
  readonly #cursor: TextCursor;
  // Names of the rulesets whose braces are open; empty for other braces.
  readonly #braces: string[] = [];
  /** Lines of closing braces that close nothing. */
  readonly strays: number[] = [];
  #ruleset: string | undefined;
  #expression = false;

  constructor(file: string, text: string) {
    this.#file = file;
    this.#cursor = new TextCursor(text);
  }

  *statements(): Generator<Statement> {
    const cursor = this.#cursor;
    while (cursor.skipSpace()) {
      const line = cursor.line;
      if (cursor.next === '"' || cursor.next === "'") cursor.skipString();
      else if (cursor.next === '{') this.#open();
      else if (cursor.next === '}') this.#close();
      else if (cursor.next === '$' && cursor.beginsLine && !this.#expression) yield this.#directive(line);
      else yield* this.#word(line);
    }
  }

  #open(): void {
    this.#cursor.take();
    this.#braces.push(this.#ruleset ?? '');
    this.#ruleset = undefined;
  }

  #close(): void {
    if (this.#braces.length === 0) this.strays.push(this.#cursor.line);
    this.#cursor.take();
    this.#braces.pop();
  }

  #at(line: number) {
    return { file: this.#file, line, end: this.#cursor.line };
  }

  get #within(): string {
    return this.#braces.find((name) => name !== '') ?? '';
  }

  #directive(line: number): Statement {
    const [, name = '', value = ''] = /^\$(\S*)\s*(.*)$/s.exec(this.#cursor.takeLegacyLine()) ?? [];
    const at = this.#at(line);
    // A comment may follow, but a # may stand inside a word.
    const bare = value.replace(/\s#.*$/s, '').trim();
    return { kind: 'directive', name: name.toLowerCase(), value: bare, at, within: this.#within };
  }

  *#word(line: number): Generator<Statement> {
    const cursor = this.#cursor;
    const word = cursor.takeWord();
    const name = word.toLowerCase();
    if (name === 'if') this.#expression = true;
    if (name === 'then') this.#expression = false;
    if (/^@|^:omrelp:/.test(word)) {
      const target = word + cursor.restOfTarget(word);
      yield { kind: 'forward', target, at: this.#at(line), within: this.#within };
    } else if (objects.has(name) && cursor.beginsParameters()) {
      const parameters = readParameters(cursor);
      if (name === 'ruleset') this.#ruleset = parameters.get('name')?.[0] ?? '';
      yield { kind: 'object', name, parameters, at: this.#at(line), within: this.#within };
    } else if (word === '') cursor.take();
  }
}

// From behind the opening parenthesis to behind the closing one.
function readParameters(cursor: TextCursor): Parameters {
  const parameters = new Map<string, readonly string[]>();
  let name = '';
  let list: string[] | undefined;
  while (cursor.skipSpace()) {
    const { next } = cursor;
    if (next === '"' || next === "'" || next === '`') {
      const value = cursor.takeString();
      if (list) list.push(value);
      else parameters.set(name, [value]);
    } else if (next === '[') {
      list = [];
      cursor.take();
    } else if (next === ']') {
      parameters.set(name, list ?? []);
      list = undefined;
      cursor.take();
    } else if (next === ')') {
      cursor.take();
      return parameters;
    } else {
      const word = cursor.takeParameterName();
      if (word === '') cursor.take();
      else name = word.toLowerCase();
    }
  }
  return parameters;
}
