import { posix } from 'node:path';
import { printFunction } from '../../probes/answer.ts';
import { printBytes } from '../../shell/put.ts';
import { quote } from '../../shell/quote.ts';
import type { ComposeArguments } from './compose-schema.ts';
import { dockerPlace } from './docker-client.ts';

function valued(option: string, value: unknown): readonly string[] {
  return value === undefined ? [] : [option, String(value)];
}

/** The program, with the context that is meant. */
function dockerProgram({ docker_cli = 'docker', cli_context }: ComposeArguments): string {
  return [docker_cli, ...valued('--context', cli_context)].map(quote).join(' ');
}

/** A command of docker compose for the project; a definition comes over stdin. */
export function composeCommand(want: ComposeArguments, ...words: readonly string[]): string {
  const { project_src: directory, definition } = want;
  const all = [
    'compose',
    '--ansi',
    'never',
    '--progress',
    'plain',
    ...valued('--project-directory', directory),
    ...valued('--project-name', want.project_name),
    ...(definition ? ['--file', '-'] : []),
    ...(want.files ?? []).flatMap((one) => ['--file', posix.resolve(directory ?? '/', one)]),
    ...(want.env_files ?? []).flatMap((one) => ['--env-file', posix.resolve(directory ?? '/', one)]),
    ...(want.profiles ?? []).flatMap((one) => ['--profile', one]),
    ...words,
  ];
  const command = `${dockerProgram(want)} ${all.map(quote).join(' ')}`;
  return definition ? `{ ${printBytes(JSON.stringify(definition))}\n} | ${command}` : `${command} </dev/null`;
}

function services({ services: wanted = [] }: ComposeArguments): readonly string[] {
  return wanted.length === 0 ? [] : ['--', ...wanted];
}

function upWords(want: ComposeArguments, start: boolean, dry: boolean): readonly string[] {
  const { pull = 'policy', build = 'policy', recreate = 'auto' } = want;
  return [
    'up',
    ...(start ? ['--detach'] : ['--no-start']),
    '--no-color',
    '--quiet-pull',
    ...(dry ? ['--dry-run'] : []),
    ...(pull === 'policy' ? [] : ['--pull', pull]),
    ...(want.remove_orphans ? ['--remove-orphans'] : []),
    ...(recreate === 'always' ? ['--force-recreate'] : recreate === 'never' ? ['--no-recreate'] : []),
    ...(want.renew_anon_volumes ? ['--renew-anon-volumes'] : []),
    ...(want.dependencies === false ? ['--no-deps'] : []),
    ...valued('--timeout', want.timeout),
    ...(build === 'always' ? ['--build'] : build === 'never' ? ['--no-build'] : []),
    ...Object.entries(want.scale ?? {}).flatMap(([name, count]) => ['--scale', `${name}=${count}`]),
    ...(want.wait && start && !dry ? ['--wait', ...valued('--wait-timeout', want.wait_timeout)] : []),
    ...services(want),
  ];
}

/** The commands that bring the project into its state. @param dry they only say what they would do */
export function composeWords(
  want: ComposeArguments,
  dry: boolean,
): { readonly first: readonly string[]; readonly stop?: readonly string[] } {
  const dryRun = dry ? ['--dry-run'] : [];
  const patience = valued('--timeout', want.timeout);
  switch (want.state) {
    case 'absent':
      return {
        first: [
          'down',
          ...dryRun,
          ...(want.remove_orphans ? ['--remove-orphans'] : []),
          ...valued('--rmi', want.remove_images),
          ...(want.remove_volumes ? ['--volumes'] : []),
          ...patience,
          ...services(want),
        ],
      };
    case 'stopped':
      return { first: upWords(want, false, dry), stop: ['stop', ...dryRun, ...patience, ...services(want)] };
    case 'restarted':
      return {
        first: [
          'restart',
          ...dryRun,
          ...(want.dependencies === false ? ['--no-deps'] : []),
          ...patience,
          ...services(want),
        ],
      };
    default:
      return { first: upWords(want, true, dry) };
  }
}

/** Names of files that make a directory a project. */
const projectFiles = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];

/** sh code that prints what is there, and what docker compose would do. */
export function composeQuestion(want: ComposeArguments): string {
  const { project_src: directory, docker_cli = 'docker', check_files_existing: checked = true } = want;
  const files = (want.files ?? projectFiles).map((one) => posix.resolve(directory ?? '/', one));
  const there = files.map((file) => `[ -e ${quote(file)} ]`).join(want.files ? ' && ' : ' || ');
  const place =
    directory === undefined
      ? ''
      : `[ -d ${quote(directory)} ] || { echo 'place no'; exit 0; }
${checked ? `{ ${there}; } || { echo 'files no'; exit 0; }` : ''}`;
  const fresh =
    want.pull === 'always' && (want.state ?? 'present') === 'present'
      ? `${composeCommand(want, 'config', '--images')} 2>/dev/null | sort -u | while IFS= read -r provision_image; do
  provision_digest=$(${dockerProgram(want)} buildx imagetools inspect "$provision_image" --format '{{.Manifest.Digest}}' 2>/dev/null </dev/null) &&
    case $(${dockerProgram(want)} image inspect --format '{{json .RepoDigests}}' "$provision_image" 2>/dev/null </dev/null) in
    *"@$provision_digest"*) continue ;;
    esac
  printf 'stale %s\\n' "$provision_image"
done`
      : '';
  const { first, stop } = composeWords(want, true);
  const ask = (
    words: readonly string[],
  ) => `provision_said=$(${composeCommand(want, ...words)} 2>&1 >/dev/null)
provision_code=$?
provision_all="$provision_all
$provision_said"
[ $provision_code = 0 ] || echo "failed $provision_code"`;
  return `${printFunction}
${dockerPlace(want)}
command -v ${quote(docker_cli)} >/dev/null || { echo 'docker no'; exit 0; }
${place}
${dockerProgram(want)} compose version --short >/dev/null 2>&1 || { echo 'compose no'; exit 0; }
provision_all=
${ask(first)}
${stop ? ask(stop) : ''}
provision_print said "$provision_all"
${fresh}
provision_print containers "$(${composeCommand(want, 'ps', '--all', '--format', 'json', ...services(want))} 2>/dev/null)"
provision_print images "$(${composeCommand(want, 'images', '--format', 'json', ...services(want))} 2>/dev/null)"`;
}
