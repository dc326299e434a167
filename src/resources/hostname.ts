import { type Static, Type } from 'typebox';
import { Answer } from '../probes/answer.ts';
import { scriptProbe } from '../probes/script.ts';
import { printBytes, putScript } from '../shell/put.ts';
import { quote } from '../shell/quote.ts';
import type { Change, HostResource } from './resource.ts';

const schema = Type.Object(
  {
    name: Type.String({
      pattern: '^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$',
      maxLength: 64,
      description: 'the name of the host: letters, digits, dots and dashes, at most 64',
    }),
  },
  { additionalProperties: false },
);

interface State {
  readonly running: string;
  readonly stored: string;
}

/** The name that the host calls itself. */
export const hostname: HostResource<Static<typeof schema>, State> = {
  kind: 'host',
  name: 'hostname',
  summary: 'Set the name of the host, now and after a boot',
  schema,
  effect: 'opaque',
  probe: () =>
    scriptProbe({
      script: [
        'echo "running $(uname -n)"',
        'provision_name=; [ ! -r /etc/hostname ] || read -r provision_name </etc/hostname || :',
        'echo "stored $provision_name"',
      ].join('\n'),
      parse(output) {
        const answer = new Answer(output, 'the name of the host');
        return { running: answer.need('running'), stored: answer.need('stored') };
      },
    }),
  diff(want, have) {
    const changes: Change[] = [];
    if (have.running !== want.name) changes.push({ attribute: 'name', from: have.running, to: want.name });
    if (have.stored !== want.name) {
      changes.push({ attribute: 'name after boot', from: have.stored || 'none', to: want.name });
    }
    return changes;
  },
  steps(want, changes) {
    if (changes.length === 0) return [];
    const name = quote(want.name);
    const script = [
      'if [ -d /run/systemd/system ] && command -v hostnamectl >/dev/null; then',
      `  hostnamectl set-hostname ${name} && exit 0`,
      'fi',
      putScript('/etc/hostname', printBytes(`${want.name}\n`), {}),
      `[ "$(uname -n)" = ${name} ] || hostname ${name}`,
    ].join('\n');
    return [{ kind: 'script', script }];
  },
  result: (want) => ({ name: want.name }),
};
