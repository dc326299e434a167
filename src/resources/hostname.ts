import { type Static, Type } from 'typebox';
import { Answer } from '../probes/answer.ts';
import { path } from '../probes/path.ts';
import { asking } from '../probes/probe.ts';
import { script } from '../probes/script.ts';
import { printBytes, putScript } from '../shell/put.ts';
import { quote } from '../shell/quote.ts';
import { editableText } from './files/edited-file.ts';
import { foreignSystems, type NameFile, nameFiles } from './hostname/name-file.ts';
import type { Change, HostResource } from './resource.ts';

const schema = Type.Object(
  {
    name: Type.String({
      pattern: '^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$',
      maxLength: 64,
      description: 'the name of the host: letters, digits, dots and dashes, at most 64',
    }),
    use: Type.Optional(
      Type.Enum([...Object.keys(nameFiles), ...foreignSystems], {
        description:
          'how the name is set and where it is kept; without it systemd where it runs, else /etc/hostname. `generic` keeps it until the next boot only',
      }),
    ),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface State {
  readonly running: string;
  /** The text of the file that keeps the name; undefined when there is none that can be read. */
  readonly text: Buffer | undefined;
  /** What is in its place is no file. */
  readonly blocked: boolean;
}

function fileOf({ use }: Arguments): NameFile | undefined {
  return nameFiles[use ?? 'systemd'];
}

function stored(file: NameFile, { text }: State): string | undefined {
  return text && file.read(editableText(text).text);
}

function foreign({ use }: Arguments): boolean {
  return (foreignSystems as readonly (string | undefined)[]).includes(use);
}

const runningName =
  script(`provision_name=; read -r provision_name </proc/sys/kernel/hostname || provision_name=$(uname -n)
echo "running $provision_name"`);

/** The name that the host calls itself. */
export const hostname: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'hostname',
  summary: 'Set the name of the host, now and after a reboot',
  schema,
  effect: 'opaque',
  probe(want) {
    const file = fileOf(want)?.path ?? '/etc/hostname';
    const asks = { running: runningName, file: path(file, { follow: true, text: { most: 65_536 } }) };
    return asking(asks, ({ running, file: { content, stat } }) => ({
      running: new Answer(running, 'the name of the host').need('running'),
      text: content,
      blocked: stat.kind !== 'absent' && content === undefined,
    }));
  },
  refuse(want, have) {
    if (foreign(want))
      return [`use: ${want.use} is for a system that provision does not manage: leave it out`];
    const file = fileOf(want);
    return file && have.blocked ? [`${file.path} is not a small file on the host: see what is there`] : [];
  },
  diff(want, have) {
    const changes: Change[] = [];
    if (have.running !== want.name) changes.push({ attribute: 'name', from: have.running, to: want.name });
    const file = fileOf(want);
    const kept = file && stored(file, have);
    if (file && kept !== want.name)
      changes.push({ attribute: 'name after boot', from: kept ?? 'none', to: want.name });
    return changes;
  },
  steps(want, changes, have) {
    if (changes.length === 0) return [];
    const name = quote(want.name);
    const { use } = want;
    const lines: string[] = [];
    if (use === undefined || use === 'systemd') {
      lines.push('provision_save /etc/hostname || exit 1');
      if (use === 'systemd')
        return [{ kind: 'script', script: `${lines[0]}\nhostnamectl set-hostname ${name}` }];
      lines.push(
        'if [ -d /run/systemd/system ] && command -v hostnamectl >/dev/null; then',
        `  hostnamectl set-hostname ${name} && exit 0`,
        'fi',
      );
    }
    const file = fileOf(want);
    if (file && stored(file, have) !== want.name) {
      const { text, encode } = editableText(have.text ?? Buffer.alloc(0));
      lines.push(putScript(file.path, printBytes(encode(file.write(text, want.name))), {}));
      lines[lines.length - 1] += ' || exit 1';
    }
    lines.push(
      `[ "$(uname -n)" = ${name} ] || hostname ${name} 2>/dev/null || printf '%s\\n' ${name} >/proc/sys/kernel/hostname`,
    );
    return [{ kind: 'script', script: lines.join('\n') }];
  },
  result: (want) => ({ name: want.name }),
};
