import { unchangedScript } from '../../../../resources/files/unchanged-file.ts';
import type { ScriptStep, Step } from '../../../../resources/step.ts';
import { printBytes, putScript } from '../../../../shell/put.ts';
import { quote } from '../../../../shell/quote.ts';
import type { ComposeFile } from '../../compose/service-edit.ts';
import {
  type ProjectAnswer,
  type ProjectFile,
  type ProjectPlace,
  projectContainers,
  projectWords,
} from '../../probes/compose-project.ts';

/** What is to become of a service. */
interface ServiceChange {
  readonly place: ProjectPlace;
  readonly project: Extract<ProjectAnswer, { kind: 'there' }>;
  readonly service: string;
  /** Its container is to run. */
  readonly starts: boolean;
  /** The project's files as they are to be, in their order. */
  readonly texts: readonly ComposeFile[];
}

/** Seconds after its start in which a container must not have ended. */
const settling = 2;

/** Writes the files that change, each approved by Compose first, and makes the container of that one service anew. */
export function serviceSteps(change: ServiceChange): readonly Step[] {
  const { project, texts, starts } = change;
  const changed = texts.flatMap((file, index) => {
    const before = project.files[index];
    return before && before.text !== file.text ? [{ before, after: file.text, index }] : [];
  });
  const files = changed.flatMap(({ before, after, index }): readonly Step[] => [
    { kind: 'script', script: unchangedScript(before.path, [Buffer.from(before.text), Buffer.from(after)]) },
    {
      kind: 'file',
      path: before.path,
      content: Buffer.from(after),
      ownership: {},
      replaced: before.owner,
      validate: validation(change, index),
    },
  ]);
  const back = changed.map(({ before }) => before);
  return starts ? [...files, start(change, back)] : files;
}

// All files with the new one in its place, as Compose will read them; relative paths in them mean the same.
function validation({ place, project }: ServiceChange, index: number): string {
  const { directory, command } = project;
  const words = project.files.map(({ path }, at) => (at === index ? '-f "$1"' : `-f ${quote(path)}`));
  const options = projectWords(place, []);
  return `cd -- ${quote(directory)} && ${command} --project-directory ${quote(directory)} ${options} ${words.join(' ')} config -q`;
}

function start({ place, project, service }: ServiceChange, back: readonly ProjectFile[]): ScriptStep {
  const compose = `${project.command} ${projectWords(place)}`;
  const up = `${compose} up -d --no-deps ${quote(service)}`;
  const restore = back.map(({ path, text }) => `(\n${putScript(path, printBytes(text), {})}\n)`);
  const undone =
    back.length === 0
      ? ''
      : `${restore.join(' && ')} && ${up} >/dev/null 2>&1 && echo 'the file and the container are as they were' >&2`;
  return {
    kind: 'script',
    script: `cd -- ${quote(project.directory)} || exit 1
provision_lives() {
  sleep ${settling}
  # Without -a Compose 2 leaves out what has ended, with it Compose 1 has what somebody ran by hand.
  ${projectContainers(place, { compose: project.command, home: quote(project.home), service })}
  for provision_id in $provision_ids; do
    provision_state=$(docker inspect -f '{{.State.Status}} {{.State.ExitCode}} {{index .Config.Labels "com.docker.compose.oneoff"}}' "$provision_id")
    case $provision_state in running* | *' True') ;; *)
      printf 'the new container does not stay up (%s); its last words:\\n' "\${provision_state% *}" >&2
      docker logs --tail 20 "$provision_id" >&2
      return 1 ;;
    esac
  done
}
if provision_said=$(${up} 2>&1); then
  if provision_lives; then exit 0; fi
else
  printf '%s\\n' "$provision_said" | tail -n 20 >&2
fi
${undone}
exit 1`,
  };
}
