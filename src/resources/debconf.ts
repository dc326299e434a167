import { createHash } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { Answer, printFunction } from '../probes/answer.ts';
import { scriptProbe } from '../probes/script.ts';
import { printBytes } from '../shell/put.ts';
import { quote } from '../shell/quote.ts';
import { systemPath } from '../shell/system-path.ts';
import type { HostResource, Json } from './resource.ts';

const kinds = [
  'boolean',
  'error',
  'multiselect',
  'note',
  'password',
  'seen',
  'select',
  'string',
  'text',
  'title',
];
const word = '^[^\\s\\u0000]+$';

const schema = Type.Object(
  {
    name: Type.String({ pattern: '^[a-z0-9][a-z0-9+.:-]*$', description: 'the package' }),
    question: Type.Optional(Type.String({ pattern: word, description: 'what it asks' })),
    vtype: Type.Optional(Type.Enum(kinds, { description: 'the kind of its answer' })),
    value: Type.Optional(
      Type.Any({ description: 'the answer; true and false for boolean, a list for multiselect' }),
    ),
    unseen: Type.Optional(
      Type.Boolean({ default: false, description: 'the question is asked all the same, with this answer' }),
    ),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface State {
  readonly available: boolean;
  /** The answer, or its sha256 where it is a password; undefined when there is none. */
  readonly current: string | undefined;
  /** Questions of the package and their answers. */
  readonly all: Readonly<Record<string, string>>;
}

function answerOf({ value, vtype }: Arguments): string {
  if (Array.isArray(value)) return value.join(', ');
  if (vtype === 'boolean' || typeof value === 'boolean') return String(value).toLowerCase();
  return value === null || value === undefined ? '' : String(value);
}

function sum(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function isSecret({ vtype }: Arguments): boolean {
  return vtype === 'password';
}

function ask(want: Arguments): string {
  const one =
    want.question === undefined
      ? ''
      : `provision_said=$(printf 'get %s\\n' ${quote(want.question)} | debconf-communicate ${quote(want.name)} 2>/dev/null)
case $provision_said in
0*) provision_said=\${provision_said#0}; provision_said=\${provision_said# }
  ${isSecret(want) ? `printf 'current %s\\n' "$(printf '%s' "$provision_said" | sha256sum)"` : 'provision_print current "$provision_said"'} ;;
esac`;
  return `${printFunction}
${systemPath}
command -v debconf-communicate >/dev/null && command -v debconf-set-selections >/dev/null || { echo 'available no'; exit 0; }
echo 'available yes'
printf 'all %s\\n' "$(debconf-show ${quote(want.name)} 2>/dev/null | base64 | tr -d '\\n')"
${one}`;
}

function readAll(text: string): Readonly<Record<string, string>> {
  const lines = text.split('\n').flatMap((line): (readonly [string, string])[] => {
    const [, question, answer = ''] = /^[*\s]\s*([^:\s]+):\s?(.*)$/.exec(line) ?? [];
    return question === undefined ? [] : [[question, answer.trim()]];
  });
  return Object.fromEntries(lines);
}

/** An answer to a question that a package asks when it is installed. */
export const debconf: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'debconf',
  summary: 'Answer a question of a package before it asks',
  schema,
  argumentAliases: { name: ['pkg'], question: ['selection', 'setting'], value: ['answer'] },
  effect: 'opaque',
  probe: (want) =>
    scriptProbe({
      script: ask(want),
      parse(output) {
        const answer = new Answer(output, `the answers of ${want.name}`);
        const current = isSecret(want)
          ? answer.get('current')?.split(' ')[0]
          : answer.bytes('current')?.toString();
        return {
          available: answer.get('available') === 'yes',
          current,
          all: readAll(answer.bytes('all')?.toString() ?? ''),
        };
      },
    }),
  refuse(want, { available }) {
    if (!available) return ['the host has no debconf-utils; install it, or debconf, first'];
    if (want.question !== undefined && (want.vtype === undefined || want.value === undefined))
      return ['when supplying a question you must supply a valid vtype and value'];
    if (want.vtype === 'boolean' && !['true', 'false'].includes(answerOf(want)))
      return [`the value of a boolean is true or false, not ${answerOf(want)}`];
    return answerOf(want).includes('\n') ? ['a value has one line'] : [];
  },
  diff(want, { current }) {
    if (want.question === undefined) return [];
    const wanted = answerOf(want);
    if (isSecret(want))
      return current === sum(wanted) ? [] : [{ attribute: want.question, to: 'another password' }];
    const same = want.vtype === 'boolean' ? current?.toLowerCase() === wanted : current === wanted;
    return same ? [] : [{ attribute: want.question, from: current ?? 'absent', to: wanted }];
  },
  steps(want, changes) {
    if (changes.length === 0) return [];
    const line = `${want.name} ${want.question} ${want.vtype} ${answerOf(want)}\n`;
    const unseen = want.unseen ? ' --unseen' : '';
    return [
      {
        kind: 'script',
        script: `${systemPath}\n{ ${printBytes(line)}\n} | debconf-set-selections${unseen}`,
      },
    ];
  },
  result(want, have, outputs, before = have) {
    const { question, vtype } = want;
    const said: Json = vtype === 'password' ? '' : answerOf(want);
    return {
      msg: '',
      ...(question === undefined ? { current: before.all } : {}),
      ...(question !== undefined &&
        outputs.length > 0 && {
          previous: isSecret(want) ? {} : { [question]: before.current ?? null },
          current: { [question]: said },
        }),
      ...(question !== undefined && outputs.length === 0 && { current: have.all }),
    };
  },
};
