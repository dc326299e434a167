import { type Static, Type } from 'typebox';
import { asking } from '../probes/probe.ts';
import { script } from '../probes/script.ts';
import { quote } from '../shell/quote.ts';
import { hostPath } from './argument-schemas.ts';
import { alteredLines } from './files/altered-lines.ts';
import {
  diffEditedFile,
  type EditedFileState,
  editedFile,
  editedFileState,
  refuseEditedFile,
  writeEditedFile,
} from './files/edited-file.ts';
import type { HostResource } from './resource.ts';
import type { Step } from './step.ts';

const schema = Type.Object(
  {
    name: Type.String({
      pattern: '^[A-Za-z0-9_][A-Za-z0-9_./*-]*$',
      description: 'the setting, as in net.ipv4.ip_forward',
    }),
    value: Type.Optional(Type.String({ pattern: '^[^\\n]*$', description: 'what it is set to' })),
    state: Type.Optional(
      Type.Enum(['present', 'absent'], { default: 'present', description: 'whether the file should set it' }),
    ),
    sysctl_file: Type.Optional({
      ...hostPath('the file that sets it at boot, /etc/sysctl.conf without it'),
      default: '/etc/sysctl.conf',
    }),
    sysctl_set: Type.Optional(
      Type.Boolean({ default: false, description: 'the running kernel must have the value too' }),
    ),
    reload: Type.Optional(
      Type.Boolean({ default: true, description: 'have the kernel read the file after a change of it' }),
    ),
    ignoreerrors: Type.Optional(
      Type.Boolean({ default: false, description: 'settings that the kernel does not know are no error' }),
    ),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface State extends EditedFileState {
  /** What the running kernel has; undefined when it has no such setting, or was not asked. */
  readonly running: string | undefined;
}

// As Ansible has them: true and false are 1 and 0, and what stands between words is one space.
function wanted({ value = '' }: Arguments): string {
  const number = { true: '1', yes: '1', on: '1', false: '0', no: '0', off: '0' }[value.toLowerCase()];
  return number ?? value.trim();
}

function words(text: string): string {
  return text.split(/\s+/).filter(Boolean).join(' ');
}

function named(line: string): { readonly name: string; readonly value: string } | undefined {
  const [, name, value] = /^\s*-?\s*([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
  return name === undefined || value === undefined ? undefined : { name, value };
}

function fileOf({ sysctl_file = '/etc/sysctl.conf' }: Arguments): string {
  return sysctl_file;
}

function edited(want: Arguments, { content }: State): Buffer | undefined {
  const own = (line: string) => named(line)?.name === want.name;
  return alteredLines(content, (lines) => {
    if (want.state === 'absent') return lines.filter((line) => !own(line));
    // The last one counts.
    const at = lines.findLastIndex(own);
    if (at >= 0 && words(named(lines[at] ?? '')?.value ?? '') === words(wanted(want))) return lines;
    const line = `${want.name}=${wanted(want)}`;
    return at < 0 ? [...lines, line] : lines.with(at, line);
  });
}

function runs(want: Arguments, { running }: State): boolean {
  return want.state === 'absent' || !want.sysctl_set || words(running ?? '') === words(wanted(want));
}

/** A setting of the kernel, in the file that sets it at boot. */
export const sysctl: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'sysctl',
  summary: 'Set a setting of the kernel at boot, and now',
  schema,
  argumentAliases: { name: ['key'], value: ['val'] },
  effect: 'opaque',
  probe(want, { contents }) {
    const setting = quote(
      `/proc/sys/${want.name.replaceAll('/', '\\').replaceAll('.', '/').replaceAll('\\', '.')}`,
    );
    const asks = {
      file: editedFile(fileOf(want)),
      running: want.sysctl_set ? script(`[ ! -f ${setting} ] || cat ${setting}`) : undefined,
    };
    return asking(asks, ({ file, running }) => {
      const said = running?.stdout.trim();
      return { ...editedFileState(file, contents), running: said === '' ? undefined : said };
    });
  },
  refuse(want, have) {
    if (want.state !== 'absent' && (want.value ?? '') === '') return ['value is needed'];
    return refuseEditedFile({ path: fileOf(want), create: true }, have, true);
  },
  diff(want, have) {
    const changes = [...diffEditedFile({ path: fileOf(want) }, have, edited(want, have))];
    if (!runs(want, have))
      changes.push({ attribute: 'value', from: have.running ?? 'absent', to: wanted(want) });
    return changes;
  },
  steps(want, changes, have) {
    const written = changes.filter(({ attribute }) => attribute !== 'value');
    const steps: Step[] = writeEditedFile({ path: fileOf(want) }, written, have, edited(want, have));
    const ignore = want.ignoreerrors ? ' -e' : '';
    const commands: string[] = [];
    if (written.length < changes.length)
      commands.push(`sysctl${ignore} -w ${quote(`${want.name}=${wanted(want)}`)}`);
    if (written.length > 0 && want.reload !== false)
      commands.push(`sysctl${ignore} -p ${quote(have.target)}`);
    if (commands.length > 0) steps.push({ kind: 'script', script: commands.join(' || exit 1\n') });
    return steps;
  },
};
