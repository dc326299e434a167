import { posix } from 'node:path';
import { type Static, Type } from 'typebox';
import { Answer, printFunction } from '../probes/answer.ts';
import { scriptProbe } from '../probes/script.ts';
import { quote } from '../shell/quote.ts';
import { hostPath } from './argument-schemas.ts';
import type { HostResource } from './resource.ts';

const schema = Type.Object(
  {
    path: hostPath('the file or directory'),
    state: Type.Optional(
      Type.Enum(['present', 'absent', 'query'], {
        default: 'query',
        description: 'whether the entry should be there; query only reads',
      }),
    ),
    follow: Type.Optional(Type.Boolean({ default: true, description: 'go through links' })),
    default: Type.Optional(
      Type.Boolean({ default: false, description: 'the entry is for what is made inside the directory' }),
    ),
    entity: Type.Optional(
      Type.String({ pattern: '^[^:,\\s]*$', default: '', description: 'the user or group that is meant' }),
    ),
    etype: Type.Optional(Type.Enum(['group', 'mask', 'other', 'user'], { description: 'kind of the entry' })),
    permissions: Type.Optional(
      Type.String({ pattern: '^[rwxX0-7-]+$', description: 'letters r, w, x and X, or a digit' }),
    ),
    entry: Type.Optional(
      Type.String({
        pattern: '^[^,\\s]+$',
        description: 'the whole entry, as in user:joe:rwx, in place of these',
      }),
    ),
    recursive: Type.Optional(Type.Boolean({ default: false, description: 'all below a directory too' })),
    recalculate_mask: Type.Optional(
      Type.Enum(['default', 'mask', 'no_mask'], {
        default: 'default',
        description: 'whether setfacl works the mask out again',
      }),
    ),
    use_nfsv4_acls: Type.Optional(
      Type.Boolean({ default: false, description: 'true is refused: entries of NFSv4 need other programs' }),
    ),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface Entry {
  readonly default: boolean;
  readonly etype: string;
  readonly entity: string;
  readonly permissions: string | undefined;
}

interface State {
  readonly program: boolean;
  readonly exists: boolean;
  readonly fault: string | undefined;
  readonly acl: readonly string[];
  /** A try of setfacl shows that it would alter something. */
  readonly differs: boolean;
}

const kinds: Readonly<Record<string, string>> = { u: 'user', g: 'group', m: 'mask', o: 'other' };

function entryOf(want: Arguments): Entry | undefined {
  const { entry, etype, entity = '', permissions } = want;
  if (entry === undefined) return etype && { default: want.default === true, etype, entity, permissions };
  const own = /^d/i.test(entry);
  const [kind = '', name = '', rights] = entry.split(':').slice(own ? 1 : 0);
  const known = kinds[kind[0]?.toLowerCase() ?? ''];
  return known === undefined
    ? undefined
    : { default: own || want.default === true, etype: known, entity: name, permissions: rights };
}

function shown({ etype, entity, permissions }: Entry): string {
  return [etype, entity, ...(permissions === undefined ? [] : [permissions])].join(':');
}

function command(want: Arguments, entry: Entry, ...before: readonly string[]): string {
  const act = want.state === 'absent' ? '-x' : '-m';
  const bare = want.state === 'absent' ? { ...entry, permissions: undefined } : entry;
  const words = ['setfacl', ...before, ...(entry.default ? ['-d'] : []), act, shown(bare)];
  if (want.recursive) words.push('--recursive');
  if (want.recalculate_mask === 'mask') words.push('--mask');
  if (want.recalculate_mask === 'no_mask') words.push('--no-mask');
  if (want.follow === false) words.push('--physical');
  return [...words, '--', want.path].map(quote).join(' ');
}

function question(want: Arguments): string {
  const entry = want.state === 'query' || want.state === undefined ? undefined : entryOf(want);
  const options = [...(want.default ? ['-d'] : []), ...(want.recursive ? ['--recursive'] : [])];
  if (want.follow === false) options.push('--physical');
  const get = ['getfacl', ...options, '--omit-header', '--absolute-names', '--', want.path]
    .map(quote)
    .join(' ');
  return `${printFunction}
command -v setfacl >/dev/null || { echo 'program no'; exit 0; }
[ -e ${quote(want.path)} ] || { echo 'exists no'; exit 0; }
provision_print acl "$(${get} 2>/dev/null)"
${
  entry === undefined
    ? ':'
    : `if provision_try=$(${command(want, entry, '--test')} 2>&1); then provision_print try "$provision_try"; else provision_print fault "$provision_try"; fi`
}`;
}

function lines(bytes: Buffer | undefined): readonly string[] {
  return (bytes?.toString() ?? '').split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
}

// As Ansible has it, in its words.
function faults(want: Arguments): readonly string[] {
  const { state = 'query', entry, etype, entity = '', permissions } = want;
  if (want.use_nfsv4_acls) return ['use_nfsv4_acls is not supported: leave it out'];
  if (state === 'query') {
    if (entry !== undefined) return ["'entry' MUST NOT be set when 'state=query'."];
    if (want.recursive) return ["'recursive' MUST NOT be set when 'state=query'."];
    return ['mask', 'no_mask'].includes(want.recalculate_mask ?? '')
      ? ["'recalculate_mask' MUST NOT be set to 'mask' or 'no_mask' when 'state=query'."]
      : [];
  }
  if (entry === undefined) {
    if (state === 'absent' && permissions !== undefined)
      return ["'permissions' MUST NOT be set when 'state=absent'."];
    if (state === 'absent' && entity === '') return ["'entity' MUST be set when 'state=absent'."];
    return etype === undefined ? [`'etype' MUST be set when 'state=${state}'.`] : [];
  }
  if (etype !== undefined || entity !== '' || permissions !== undefined)
    return ["'entry' MUST NOT be set when 'entity', 'etype' or 'permissions' are set."];
  const colons = entry.split(':').length - 1;
  const wanted = state === 'present' ? [2, 3] : [1, 2];
  if (!wanted.includes(colons))
    return [
      `'entry' MUST have ${state === 'present' ? '3 or 4' : '2 or 3'} sections divided by ':' when 'state=${state}'.`,
    ];
  return entryOf(want) === undefined ? [`'entry' begins with no kind that is known: ${entry}`] : [];
}

/** Who else may do what with a file. */
export const acl: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'acl',
  summary: 'Give further users and groups rights on a file or directory, with setfacl',
  schema,
  argumentAliases: { path: ['name'], recursive: ['recurse'] },
  effect: ({ state = 'query' }) => (state === 'query' ? 'read' : 'contained'),
  paths: ({ path, recursive }) => [posix.normalize(path), ...(recursive ? [posix.join(path, '/')] : [])],
  probe: (want) =>
    scriptProbe({
      script: faults(want).length > 0 ? ':' : question(want),
      parse(output) {
        const answer = new Answer(output, `the rights on ${want.path}`);
        return {
          program: answer.get('program') !== 'no',
          exists: answer.get('exists') !== 'no',
          fault: answer.bytes('fault')?.toString().trim(),
          acl: lines(answer.bytes('acl')),
          differs: lines(answer.bytes('try')).some((line) => !line.endsWith('*,*')),
        };
      },
    }),
  reliesOn: ({ path }) => [posix.normalize(path)],
  refuse(want, { program, exists, fault }) {
    const wrong = faults(want);
    if (wrong.length > 0) return wrong;
    if (!program) return ['the host has no setfacl; install the package acl first'];
    if (!exists) return [`${want.path} does not exist on the host`];
    return fault === undefined ? [] : [fault];
  },
  diff(want, { differs, acl: have }) {
    const entry = differs ? entryOf(want) : undefined;
    if (entry === undefined) return [];
    const begin = `${entry.etype}:${entry.entity}:`;
    const line = have.map((one) => one.replace(/^default:/, '')).find((one) => one.startsWith(begin));
    const from = line?.slice(begin.length).split(/\s/)[0] ?? 'absent';
    const attribute = `${entry.default ? 'default:' : ''}${begin.slice(0, -1)}`;
    const to = want.state === 'absent' ? 'absent' : (entry.permissions ?? '');
    return [{ attribute, from: want.recursive && from === to ? 'others below' : from, to }];
  },
  steps(want, changes) {
    const entry = changes.length > 0 ? entryOf(want) : undefined;
    if (entry === undefined) return [];
    const save = `provision_save ${quote(want.path)} || exit 1`;
    return [{ kind: 'script', script: `${save}\n${command(want, entry)}` }];
  },
  result(want, { acl: have }) {
    const { state = 'query' } = want;
    const entry = entryOf(want);
    const text = entry && shown(state === 'absent' ? { ...entry, permissions: undefined } : entry);
    return { acl: have, msg: state === 'query' ? 'current acl' : `${text} is ${state}` };
  },
};
