import { quote } from '../../shell/quote.ts';
import type { Json } from '../resource.ts';

/** Where a host keeps facts of its own, as Ansible knows it. */
export const localFactsDirectory = '/etc/ansible/facts.d';

// Facts are read from every host in every run: a file that is no fact must not flood it.
const most = 262_144;
// The shell reads byte by byte: what is longer is read by a process.
const short = 8192;

/**
 * sh code that prints for each `*.fact` file `fact`, what it is, its name in lines after `.`, and its content: in lines
 * after `+`, or of a long one after `=` in base64.
 */
export function localFactsScript(directory: string): string {
  return `provision_line_end='
'
for provision_fact in ${quote(directory)}/*.fact; do
  [ -e "$provision_fact" ] || [ -L "$provision_fact" ] || continue
  if [ ! -f "$provision_fact" ]; then echo 'fact file'
  elif [ ! -r "$provision_fact" ]; then echo 'fact unreadable'
  elif [ -x "$provision_fact" ]; then echo 'fact executable'
  else echo 'fact data'
  fi
  provision_name=\${provision_fact##*/}
  provision_name=\${provision_name%.fact}
  while :; do
    printf '.%s\\n' "\${provision_name%%"$provision_line_end"*}"
    case $provision_name in *"$provision_line_end"*) provision_name=\${provision_name#*"$provision_line_end"} ;; *) break ;; esac
  done
  if [ ! -f "$provision_fact" ] || [ ! -r "$provision_fact" ] || [ -x "$provision_fact" ]; then continue; fi
  provision_size=0 provision_line=
  while IFS= read -r provision_line || [ -n "$provision_line" ]; do
    provision_size=$((provision_size + \${#provision_line} + 1))
    [ "$provision_size" -le ${short} ] || break
    printf '+%s\\n' "$provision_line"
  done <"$provision_fact"
  [ "$provision_size" -le ${short} ] || { echo '='; head -c ${most + 1} "$provision_fact" | base64; }
done 2>/dev/null`;
}

const troubles: Readonly<Record<string, string>> = {
  file: 'it is not a regular file',
  unreadable: 'this user may not read it',
  executable:
    'it is executable, and provision runs no fact scripts: let it write JSON to a file, without mode x',
};

// No fact that somebody wrote is: reading a deeper one in a template would end in an error that blames the template.
const deepest = 200;

function isDeeperThan(json: string, most: number): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (character === '\\') at++;
    else if (character === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (character === '[' || character === '{') depth++;
    else if (character === ']' || character === '}') depth--;
    if (depth > most) return true;
  }
  return false;
}

const damage = 'error loading facts as JSON - please check content: ';

/** What is wrong with the contents of a host's local facts, for whoever runs the playbook: a line for each file. */
export function damagedFacts(local: unknown): readonly string[] {
  if (local === null || typeof local !== 'object') return [];
  const ordinary = Object.values(troubles).map((trouble) => damage + trouble);
  return Object.entries(local).flatMap(([name, value]) =>
    typeof value === 'string' && value.startsWith(damage) && !ordinary.includes(value)
      ? [
          `the host's ${localFactsDirectory}/${name}.fact cannot be used as a fact: ${value.slice(damage.length)}`,
        ]
      : [],
  );
}

function factOf(kind: string, content: Buffer): Json {
  const refused = (reason: string) => damage + reason;
  if (kind !== 'data') return refused(troubles[kind] ?? 'what the host answered makes no sense');
  if (content.length > most) return refused(`it is longer than ${most} bytes`);
  const text = content.toString('utf8');
  if (isDeeperThan(text, deepest)) return refused(`it is nested more than ${deepest} levels deep`);
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    return refused((error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' '));
  }
}

// The lines that begin with a mark, without it.
function after(mark: string, lines: readonly string[]): string {
  return lines.flatMap((line) => (line.startsWith(mark) ? [line.slice(mark.length)] : [])).join('\n');
}

function readFact(text: string): [string, Json][] {
  const [kind = '', ...lines] = text.split('\n');
  if (!lines.some((line) => line.startsWith('.'))) return [];
  const long = lines.indexOf('=');
  const content =
    long < 0 ? Buffer.from(after('+', lines)) : Buffer.from(lines.slice(long + 1).join(''), 'base64');
  return [[after('.', lines), factOf(kind, content)]];
}

/** The facts by the names of their files; for a file that cannot be used, a text that says why. */
export function localFacts(text: string): { readonly [name: string]: Json } {
  const [, ...facts] = text.split(/^fact /m);
  return Object.fromEntries(facts.flatMap(readFact));
}
