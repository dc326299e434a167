import { passwordHash, randomText } from '../filters/filters-password.ts';
import { bindArguments, type CallArguments } from '../values/callable.ts';
import { TemplateError } from '../values/template-error.ts';
import { isMapping, itemsOf, textOf, truthy } from '../values/value.ts';
import type { ExpressionEnvironment } from './expression-environment.ts';

type LookupFunction = (args: CallArguments, environment: ExpressionEnvironment) => readonly unknown[];

function notHere(name: string): TemplateError {
  return new TemplateError(`lookup('${name}') cannot be used here`);
}

function template(args: CallArguments, environment: ExpressionEnvironment): readonly unknown[] {
  const [, names, variables, , others] = bindArguments(
    "lookup('template')",
    ['lookup', '*names', 'template_vars?', 'convert_data?', '**settings'],
    args,
  );
  const { render } = environment;
  if (!render) throw notHere('template');
  const settings = Object.fromEntries(others as ReadonlyMap<string, unknown>);
  const more = isMapping(variables) ? variables : {};
  return itemsOf(names).map((name) => render.call(environment, textOf(name), more, settings));
}

// Words of which some say `name=value`, values in quotes where they hold blanks.
function inlineOptions(term: string): {
  readonly key: string;
  readonly options: ReadonlyMap<string, string>;
} {
  const options = new Map<string, string>();
  const words = [...term.matchAll(/(?:"[^"]*"|'[^']*'|\S)+/g)].map(([word]) => word);
  const rest = words.filter((word) => {
    const [, name, value] = /^(\w+)=(.*)$/s.exec(word) ?? [];
    if (name !== undefined && value !== undefined) options.set(name, value.replace(/^(["'])(.*)\1$/s, '$2'));
    return name === undefined;
  });
  return { key: rest.join(' '), options };
}

function optionsOf(term: string, named: ReadonlyMap<string, unknown>) {
  const { key, options } = inlineOptions(term);
  const given = new Map([...named].map(([name, value]): [string, string] => [name, textOf(value)]));
  return { key, options: new Map([...given, ...options]) };
}

const classes: Readonly<Record<string, string>> = {
  ascii_letters: 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ',
  ascii_lowercase: 'abcdefghijklmnopqrstuvwxyz',
  ascii_uppercase: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  digits: '0123456789',
  hexdigits: '0123456789abcdefABCDEF',
  octdigits: '01234567',
  punctuation: '!#$%&()*+,-./:;<=>?@[\\]^_`{|}~',
};

// As Ansible reads `chars`: names of classes, or the characters themselves, between commas; two commas mean one.
function charactersOf(given: unknown): string {
  const text = Array.isArray(given) ? given.map(textOf).join(',') : textOf(given);
  const parts = text.replaceAll(',,', ',').split(',');
  const wanted = [...parts.filter((part) => part !== ''), ...(text.includes(',,') ? [','] : [])];
  const all = wanted.map((part) => (Object.hasOwn(classes, part) ? classes[part] : part)).join('');
  return all.replaceAll(/["']/g, '');
}

function passwordFor(
  environment: ExpressionEnvironment,
  term: string,
  named: ReadonlyMap<string, unknown>,
): string {
  const { key, options } = optionsOf(term, new Map([...named].filter(([name]) => name !== 'chars')));
  const { secret } = environment;
  if (!secret) throw notHere('password');
  if (options.has('seed'))
    throw new TemplateError("lookup('password') takes no seed", undefined, {
      code: 'not-supported',
      hint: 'without it the password is kept in the file',
    });
  const chars = options.get('chars') ?? named.get('chars') ?? 'ascii_letters,digits,.,,:-_';
  const length = Number(options.get('length') ?? 20);
  const scheme = options.get('encrypt');
  const fresh = () => randomText(length, charactersOf(chars));
  const content = secret.call(environment, key, (known) => {
    const isSalted = known !== undefined && / salt=\S+/.test(known);
    if (known !== undefined && (scheme === undefined || isSalted)) return known;
    return scheme === undefined ? fresh() : `${known ?? fresh()} salt=${randomText(16, saltLetters)}`;
  });
  const [, plain = content, salt] = /^(.*) salt=(\S+)(?: ident=\S+)?$/s.exec(content) ?? [];
  return scheme === undefined ? plain : passwordHash(plain, scheme, { salt });
}

const saltLetters = `${classes.ascii_letters}${classes.digits}./`;

function password(args: CallArguments, environment: ExpressionEnvironment): readonly unknown[] {
  const [, ...terms] = args.positional;
  return terms.map((term) => passwordFor(environment, textOf(term), args.named));
}

function fileText(environment: ExpressionEnvironment, name: string, lookup: string): string {
  if (!environment.file) throw notHere(lookup);
  return environment.file(name);
}

function settingsIn(text: string, properties: boolean, exact: boolean): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let section = sections.set('properties', new Map()).get('properties');
  if (!properties) section = undefined;
  let last: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*([#;]|$)/.test(line)) continue;
    const [, heading] = /^\[([^\]]+)\]/.exec(line) ?? [];
    if (heading !== undefined) {
      section = sections.get(heading) ?? new Map();
      sections.set(heading, section);
      last = undefined;
    } else if (/^\s/.test(line) && last !== undefined) {
      section?.set(last, `${section.get(last) ?? ''}\n${line.trim()}`);
    } else {
      const [, name = '', value = ''] = /^\s*([^=:]+?)\s*(?:[=:]\s*(.*?)\s*)?$/.exec(line) ?? [];
      last = exact ? name : name.toLowerCase();
      section?.set(last, value);
    }
  }
  return sections;
}

function ini(args: CallArguments, environment: ExpressionEnvironment): readonly unknown[] {
  const [, ...terms] = args.positional;
  return terms.flatMap((term): readonly unknown[] => {
    const { key, options } = optionsOf(textOf(term), args.named);
    const file = options.get('file') ?? 'ansible.ini';
    const properties = options.get('type') === 'properties';
    const exact = truthy(args.named.get('case_sensitive') ?? false);
    const sections = settingsIn(fileText(environment, file, 'ini'), properties, exact);
    const section = properties ? 'properties' : (options.get('section') ?? 'global');
    const found = sections.get(section);
    if (!found) throw new TemplateError(`there is no section '${section}' in ${file}`);
    if (/^(true|yes|1)$/i.test(options.get('re') ?? '')) {
      const expression = new RegExp(key);
      return [...found].filter(([name]) => expression.test(name)).map(([, value]) => value);
    }
    return [found.get(exact ? key : key.toLowerCase()) ?? options.get('default') ?? ''];
  });
}

// A row of comma-separated values; a quote in quotes is written twice.
function cells(row: string, delimiter: string): readonly string[] {
  const found: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let at = 0; at < row.length; at++) {
    const one = row.charAt(at);
    if (isQuoted && one === '"' && row.charAt(at + 1) === '"') {
      cell += '"';
      at++;
    } else if (one === '"' && (isQuoted || cell === '')) isQuoted = !isQuoted;
    else if (one === delimiter && !isQuoted) {
      found.push(cell);
      cell = '';
    } else cell += one;
  }
  return [...found, cell];
}

function csvfile(args: CallArguments, environment: ExpressionEnvironment): readonly unknown[] {
  const [, ...terms] = args.positional;
  return terms.flatMap((term): readonly unknown[] => {
    const { key, options } = optionsOf(textOf(term), args.named);
    const delimiter = (options.get('delimiter') ?? 'TAB').replace(/^(TAB|t)$/, '\t');
    const text = fileText(environment, options.get('file') ?? 'ansible.csv', 'csvfile');
    const rows = text.split(/\r?\n/).map((row) => cells(row, delimiter));
    const row = rows.find(([first]) => first === key);
    const value = row?.[Number(options.get('col') ?? 1)] ?? options.get('default');
    return value === undefined ? [] : [value];
  });
}

// Whether whoever starts the tool lets templates run commands here.
const pipeWord = 'PROVISION_LOOKUP_PIPE';

function pipe(args: CallArguments, environment: ExpressionEnvironment): readonly unknown[] {
  const [, ...terms] = args.positional;
  const { command } = environment;
  if (!command) throw notHere('pipe');
  return terms.map((term) => command.call(environment, textOf(term)).trimEnd());
}

// Without those that say how a lookup gives what it found.
function ownOptions({ named }: CallArguments): ReadonlyMap<string, unknown> {
  return new Map([...named].filter(([name]) => !['wantlist', 'errors'].includes(name)));
}

const lookups: Readonly<Record<string, LookupFunction>> = {
  template,
  password,
  ini,
  csvfile,
  pipe,
  lines: (args, environment) => pipe(args, environment).flatMap((text) => textOf(text).split('\n')),
};

/** Names of the lookups that read, write or run something on the control node. */
export const controlNodeLookups: readonly string[] = Object.keys(lookups);

/** A lookup of the control node; undefined when it is none of these. Throws TemplateError where it is not allowed. */
export function controlNodeLookup(name: string): LookupFunction | undefined {
  if (['pipe', 'lines'].includes(name) && process.env[pipeWord] !== 'allow')
    throw new TemplateError(`the lookup '${name}' is not allowed`, undefined, {
      code: 'not-supported',
      why: 'it runs a command on this machine each time a template is evaluated',
      hint: `set ${pipeWord}=allow in the environment if you trust the playbook`,
    });
  const found = Object.hasOwn(lookups, name) ? lookups[name] : undefined;
  return found && ((args, environment) => found({ ...args, named: ownOptions(args) }, environment));
}
