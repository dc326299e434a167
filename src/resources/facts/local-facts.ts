import { quote } from '../../shell/quote.ts';
import type { Json } from '../resource.ts';

/** Where a host keeps facts of its own, as Ansible knows it. */
export const localFactsDirectory = '/etc/ansible/facts.d';

// Facts are read from every host in every run: a file that is no fact must not flood it.
const most = 262_144;

/** sh code that prints a line for each `*.fact` file: its name in base64, what it is, its content in base64. */
export function localFactsScript(directory: string): string {
  return `for provision_fact in ${quote(directory)}/*.fact; do
  [ -e "$provision_fact" ] || [ -L "$provision_fact" ] || continue
  provision_name=\${provision_fact##*/}
  if [ ! -f "$provision_fact" ]; then provision_kind=file
  elif [ ! -r "$provision_fact" ]; then provision_kind=unreadable
  elif [ -x "$provision_fact" ]; then provision_kind=executable
  else provision_kind=data
  fi
  provision_data=
  [ "$provision_kind" != data ] || provision_data=$(head -c ${most + 1} "$provision_fact" | base64 | tr -d '\\n')
  echo "$(printf '%s' "\${provision_name%.fact}" | base64 | tr -d '\\n') $provision_kind $provision_data"
done 2>/dev/null`;
}

const troubles: Readonly<Record<string, string>> = {
  file: 'it is no regular file',
  unreadable: 'this user may not read it',
  executable:
    'it is executable, and provision runs no fact scripts: let it write JSON to a file, without mode x',
};

function factOf(kind: string, data: string): Json {
  const refused = (reason: string) => `error loading facts as JSON - please check content: ${reason}`;
  if (kind !== 'data') return refused(troubles[kind] ?? 'what the host told makes no sense');
  const content = Buffer.from(data, 'base64');
  if (content.length > most) return refused(`it is longer than ${most} bytes`);
  try {
    return JSON.parse(content.toString('utf8')) as Json;
  } catch (error) {
    return refused((error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' '));
  }
}

/** The facts by the names of their files; for a file that cannot be used, a text that says why. */
export function localFacts(text: string): { readonly [name: string]: Json } {
  const facts = text.split('\n').flatMap((line): [string, Json][] => {
    const [, name = '', kind = '', data = ''] = /^([\w+/=]+) (\w+) ([\w+/=]*)$/.exec(line) ?? [];
    return name === '' ? [] : [[Buffer.from(name, 'base64').toString('utf8'), factOf(kind, data)]];
  });
  return Object.fromEntries(facts);
}
