import { describe, expect, test } from 'vitest';
import type { Content, KeywordPlace } from '../../../../src/language/keywords/keyword.ts';
import { keywordTable } from '../../../../src/language/keywords/keyword-table.ts';
import { insteadOfKeyword } from '../../../../src/language/keywords/unsupported-keywords.ts';
import type { Playbook } from '../../../../src/language/model.ts';
import type { JsonSchema } from '../../../../src/language/source/schema/schema-coercion.ts';
import { load, problemsOf } from '../../../helpers/language/written-playbook.ts';

type Words = Readonly<Record<string, unknown>>;
type Files = Readonly<Record<string, string>>;

// Every keyword of every place is put there once, so that one that is declared and then forgotten fails here.
const rows = Object.entries(keywordTable).flatMap(([name, { of, content, schema }]) =>
  of.map((place) => [place, name, content, schema] as const),
);

const task = { name: 'x', debug: { msg: '{{ seen }}' } };
const looped = { loop: [1] };
const files = (play: object, more: Files = {}): Files => {
  const inventory = { all: { hosts: { h1: {}, h2: {} }, vars: { seen: 1, other: true, A: 'x' } } };
  return { 'site.yml': JSON.stringify({ inventory, plays: [play] }), ...more };
};
const everywhere = (parts: object): object => ({ hosts: 'all', ...parts });

// A handler that nobody notifies is not looked at.
const notifying = (handler: { readonly name: string; readonly listen: readonly string[] }): object => ({
  tasks: [{ ...task, notify: handler.listen.includes('heard') ? 'heard' : handler.name }],
  handlers: [handler],
});

/** A playbook that says these words in a place. */
function saying(place: KeywordPlace, words: Words): Files {
  switch (place) {
    case 'play':
      return files(everywhere({ tasks: [task], ...words }));
    case 'import':
      return files(
        { import_playbook: 'inner.yml', ...words },
        { 'inner.yml': JSON.stringify([everywhere({ tasks: [task] })]) },
      );
    case 'role':
      return files(everywhere({ roles: [{ role: 'r', ...words }] }), {
        'roles/r/tasks/main.yml': JSON.stringify([task]),
      });
    case 'block':
      return files(everywhere({ tasks: [{ block: [task], ...words }] }));
    case 'task':
      return files(everywhere({ tasks: [{ ...task, ...words }] }));
    case 'handler':
      return files(everywhere(notifying({ ...task, listen: ['heard'], ...words })));
  }
}

/** Words that hold a mistake, or several, one for each part. */
function wrong(name: string, content: Content): readonly Words[] {
  if (typeof content !== 'string') {
    const parts = Object.entries(content).flatMap(([part, inner]) => wrong(part, inner));
    return parts.map((part) => ({ [name]: part, ...(name === 'loop_control' && looped) }));
  }
  switch (content) {
    case 'literal':
    case 'names of roles':
    case 'templates':
    case 'label':
      return [{ [name]: '{{ nowhere }}' }];
    case 'conditions':
      return [{ [name]: 'nowhere' }];
    case 'expression':
      return [{ [name]: 'nowhere' }, { [name]: '{{ nowhere }}' }];
    case 'variables':
      return [{ [name]: { seen: '{{ nowhere }}' } }];
    case 'arguments':
      return [{ debug: undefined, command: 'true', [name]: { chdir: '{{ nowhere }}' } }];
    case 'parts':
      return [];
  }
}

const isLiteral = (content: Content, words: unknown): boolean => {
  if (typeof content === 'string') return content === 'literal' || content === 'names of roles';
  const [part = ''] = Object.keys(words as object);
  return isLiteral(content[part] ?? 'templates', (words as Words)[part]);
};

test('no keyword is refused as well', () => {
  // What is said of any word that begins so is no refusal of with_items, which is known.
  const general = insteadOfKeyword('with_anything');
  const refused = Object.keys(keywordTable).filter(
    (name) => ![undefined, general].includes(insteadOfKeyword(name)),
  );
  expect(refused).toEqual([]);
});

describe('a mistake in the value is found before anything is connected to', () => {
  const mistakes = rows.flatMap(([place, name, content]) =>
    // Nobody but a task evaluates its name.
    content === 'label' && place !== 'task' && place !== 'handler'
      ? []
      : wrong(name, content).map((words) => [place, name, content, words] as const),
  );

  test.each(mistakes)('%s: %s', async (place, name, content, words) => {
    const problems = await problemsOf(saying(place, words));
    const found = problems.map(({ code, message }) => `${code}: ${message}`);
    const expected = isLiteral(content, words[name])
      ? /^template-not-allowed: '.*' cannot be a template/
      : /^un(?:known|defined)-variable: .*'nowhere'/;
    expect(found).toEqual([expect.stringMatching(expected)]);
  });
});

/** Values that fit a schema; one of them at least is not what holds without the keyword. */
function fitting({ type, enum: choice, anyOf, const: only, minimum }: JsonSchema): readonly unknown[] {
  if (only !== undefined) return [only];
  if (choice) return choice;
  if (anyOf) return anyOf.flatMap(fitting);
  switch (type) {
    case 'boolean':
      return [true, false];
    case 'integer':
    case 'number':
      return [(minimum ?? 0) + 1, (minimum ?? 0) + 7];
    case 'array':
      return [['other']];
    case 'object':
      return [{ A: 'x' }];
    default:
      return ['other'];
  }
}

// What is built, without places: a word more moves whatever stands behind it, and each playbook lies elsewhere.
function built({ plays, inventory, directory }: Playbook): string {
  const text = JSON.stringify({ plays, inventory }, (key, value: unknown) => {
    if (key === 'at' || key === 'position') return undefined;
    return value instanceof Map ? [...value] : value;
  });
  return text.replaceAll(directory, '');
}

describe('a value reaches what is built', () => {
  const samples: Readonly<Record<string, readonly Words[]>> = {
    hosts: [{ hosts: 'h2' }],
    serial: [{ serial: 1 }],
    delegate_to: [{ delegate_to: 'h2' }],
    loop: [{ loop: [1] }],
    notify: [{ notify: 'all' }],
    with_items: [{ with_items: [1] }],
    with_list: [{ with_list: [1] }],
    loop_control: [
      looped,
      ...['loop_var', 'index_var', 'label'].map((part) => ({ ...looped, loop_control: { [part]: 'other' } })),
    ],
    args: [{ debug: undefined, command: 'true', args: { chdir: '/' } }],
    vars_files: [{ vars_files: ['more.yml'] }],
    vars_prompt: [{ vars_prompt: [{ name: 'other', default: 'x' }] }],
    roles: [{ roles: ['r'] }],
    module_defaults: [{ module_defaults: { debug: { verbosity: 1 } } }],
    name: [{ name: 'other' }],
  };
  // Of an import and an entry of roles a name is only read by people.
  const without = (place: KeywordPlace, name: string) =>
    name === 'name' && (place === 'import' || place === 'role');
  const more = { 'more.yml': 'a: 1', 'roles/r/tasks/main.yml': JSON.stringify([task]) };
  const some = rows.filter(([place, name]) => !without(place, name));

  test.each(some)('%s: %s', async (place, name, content, schema) => {
    const parts = { [name]: [task, task] };
    const values: readonly Words[] =
      samples[name] ?? (content === 'parts' ? [parts] : fitting(schema).map((value) => ({ [name]: value })));
    const shape = (words: Words): Promise<string> => {
      const said = saying(place, words);
      const site = JSON.parse(said['site.yml'] ?? '');
      const [play] = site.plays;
      const handlers = [...(play.handlers ?? []), { ...task, name: 'all' }];
      const text = JSON.stringify({ ...site, plays: [name === 'notify' ? { ...play, handlers } : play] });
      return load({ ...more, ...said, 'site.yml': text }).then(built);
    };
    const [bare, ...others] = await Promise.all([{}, ...values].map(shape));
    if (samples[name]) expect(new Set([bare, ...others]).size).toBe(values.length + 1);
    else expect(others.some((other) => other !== bare)).toBe(true);
  });
});
