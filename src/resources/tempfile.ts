import { type Static, Type } from 'typebox';
import { asking } from '../probes/probe.ts';
import { quote } from '../shell/quote.ts';
import { hostPath } from './argument-schemas.ts';
import { pathInfo, pathInfoKeys, pathInfoScript } from './files/path-info.ts';
import type { HostResource } from './resource.ts';

const part = '^[^/\\u0000\\n]*$';

const schema = Type.Object(
  {
    state: Type.Optional(
      Type.Enum(['file', 'directory'], { default: 'file', description: 'what is to be made' }),
    ),
    path: Type.Optional(hostPath("where it is made; the host's own directory for such files without it")),
    prefix: Type.Optional(
      Type.String({ default: 'ansible.', pattern: part, description: 'how its name begins' }),
    ),
    suffix: Type.Optional(Type.String({ default: '', pattern: part, description: 'how its name ends' })),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

function make({ state = 'file', path, prefix = 'ansible.', suffix = '' }: Arguments): string {
  const directory = state === 'directory';
  // A name is drawn and made in one go by mktemp; an ending that not every mktemp knows is put there by a rename.
  const lines = [
    `provision_base=${path === undefined ? '"${TMPDIR:-/tmp}"' : quote(path)}`,
    `provision_made=$(mktemp${directory ? ' -d' : ''} "$provision_base/"${quote(`${prefix}XXXXXXXX`)}) || exit 1`,
  ];
  if (suffix !== '')
    lines.push(
      `provision_named=$provision_made${quote(suffix)}`,
      `if [ -e "$provision_named" ] || [ -h "$provision_named" ]; then echo "$provision_named is there already" >&2; exit 1; fi`,
      'mv -- "$provision_made" "$provision_named" || exit 1',
      'provision_made=$provision_named',
    );
  return [...lines, `printf '%s\\n' "$provision_made"`, pathInfoScript('"$provision_made"')].join('\n');
}

/** A new file or directory of a name that nobody had before. */
export const tempfile: HostResource<Arguments, undefined> = {
  kind: 'host',
  name: 'tempfile',
  summary: 'Make a temporary file or directory of a new name',
  schema,
  gives: ['path', 'dest', ...pathInfoKeys],
  effect: 'opaque',
  repeats: () => true,
  probe: () => asking({}, () => undefined),
  diff: (want) => [{ attribute: 'state', from: 'absent', to: want.state ?? 'file' }],
  steps: (want) => [{ kind: 'script', script: make(want) }],
  result(want, _have, outputs) {
    const [path = '', info] = (outputs.at(-1)?.stdout ?? '').split('\n');
    const mode = want.state === 'directory' ? '0700' : '0600';
    return { path, dest: path, mode, ...pathInfo(info), state: want.state ?? 'file' };
  },
};
