import { type Static, Type } from 'typebox';
import { scriptProbe } from '../probes/script.ts';
import { quote } from '../shell/quote.ts';
import type { ScriptOutput } from '../shell/script-output.ts';
import type { HostResource, Json } from './resource.ts';

const schema = Type.Object(
  {
    database: Type.String({ pattern: '^[a-z]+$', description: 'passwd, group, hosts, services, ...' }),
    key: Type.Optional(
      Type.String({
        default: '',
        pattern: '^[^\\u0000]*$',
        description: 'the entry; all of them without it',
      }),
    ),
    service: Type.Optional(
      Type.String({ pattern: '^[a-z0-9_-]+$', description: 'ask only this name service, e.g. files' }),
    ),
    split: Type.Optional(
      Type.String({ minLength: 1, description: 'what stands between the fields of an entry' }),
    ),
    fail_key: Type.Optional(Type.Boolean({ default: true, description: 'fail when there is no such entry' })),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

const reasons: Readonly<Record<number, string>> = {
  1: 'Missing arguments, or database unknown.',
  3: 'Enumeration not supported on this database.',
};
const noEntry = 'One or more supplied key could not be found in the database.';

function entriesOf(want: Arguments, output: ScriptOutput): { readonly [key: string]: Json } {
  if (output.code === 2) return { [want.key ?? '']: null };
  const colons = ['passwd', 'shadow', 'group', 'gshadow'].includes(want.database);
  const between = want.split ?? (colons ? ':' : /\s+/);
  const lines = output.stdout.split('\n').filter((line) => line !== '');
  const found = new Map<string, Json[]>();
  for (const line of lines) {
    const [name = '', ...fields] = (typeof between === 'string' ? line : line.trim()).split(between);
    found.set(name, [...(found.get(name) ?? []), fields]);
  }
  return Object.fromEntries([...found].map(([name, all]) => [name, all.length === 1 ? (all[0] ?? []) : all]));
}

function factsOf(want: Arguments, have: ScriptOutput): { readonly [key: string]: Json } {
  return { [`getent_${want.database}`]: entriesOf(want, have) };
}

/** Entries of the name service, as facts. */
export const getent: HostResource<Arguments, ScriptOutput> = {
  kind: 'host',
  name: 'getent',
  summary: 'Read entries of a database of the name service into ansible_facts.getent_DATABASE',
  schema,
  effect: 'read',
  follows: () => true,
  paths: () => ['/etc/passwd', '/etc/group', '/etc/shadow', '/etc/gshadow', '/etc/hosts'],
  probe(want) {
    const service = want.service === undefined ? '' : ` -s ${quote(want.service)}`;
    const key = want.key ? ` ${quote(want.key)}` : '';
    const script = `getent${service} -- ${want.database}${key}`;
    return scriptProbe({ script, parse: (output) => output });
  },
  refuse(want, { code, stderr }) {
    if (code === 0 || (code === 2 && want.fail_key === false)) return [];
    if (code === 127) return ['the host has no getent'];
    return [reasons[code] ?? (code === 2 ? noEntry : `getent failed: ${stderr.trim()}`)];
  },
  diff: () => [],
  steps: () => [],
  facts: factsOf,
  result: (want, have) => ({
    ansible_facts: factsOf(want, have),
    ...(have.code === 2 && { msg: noEntry }),
  }),
};
