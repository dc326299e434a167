import { isTemplate } from '../jinja/values/template-marks.ts';
import { isMapping } from '../jinja/values/value.ts';
import type { TaskEvaluation } from '../language/evaluate/task-evaluation.ts';
import type { Task } from '../language/model.ts';
import type { Json } from '../resources/resource.ts';

/**
 * What a task with no_log must keep from being shown anywhere: the values that its templates gave, and those of the
 * variables, keys and lookups that they read. Literal words of the playbook (`present`, a path) are no secrets.
 * @param isHost whether a text is the name of a host
 */
export function hiddenValues(
  task: Task,
  evaluation: TaskEvaluation,
  isHost: (text: string) => boolean,
): readonly string[] {
  if (!task.noLog) return [];
  const items = evaluation.kind === 'ready' ? evaluation.items : [];
  const given = items.flatMap(({ args, item }) => [
    ...templated(task.args.value, args),
    ...(task.loop ? templated(task.loop.value, item) : []),
  ]);
  const read = evaluation.reads?.texts() ?? [];
  return [
    ...given.filter((text) => !isCommon(text)),
    ...read
      .filter(({ name, text }) => isSecret(name, text) && !isHost(text))
      .flatMap(({ text }) => texts(text)),
  ];
}

// Of what is longer nobody makes a variable, and it would be looked for line by line.
const longestOutput = 16_384;

/** What a task with no_log printed or read. */
export function hiddenOutput(task: Task, result: { readonly [key: string]: Json }): readonly string[] {
  if (!task.noLog) return [];
  const { stdout, stderr, content, encoding } = result;
  const decoded =
    typeof content === 'string' && encoding === 'base64'
      ? Buffer.from(content, 'base64').toString()
      : content;
  return [stdout, stderr, decoded].flatMap((text) =>
    typeof text === 'string' && text.length <= longestOutput
      ? texts(text).filter((line) => isSecret('', line.trim()))
      : [],
  );
}

const secretName = /pass|pw|secret|token|pin|key|cred|auth|priv|salt|otp/i;
const common = new Set(
  [
    [
      'true',
      'false',
      'none',
      'null',
      'omit',
      'auto',
      'default',
      'present',
      'absent',
      'latest',
      'started',
      'stopped',
    ],
    [
      'restarted',
      'reloaded',
      'enabled',
      'disabled',
      'directory',
      'touch',
      'link',
      'hard',
      'file',
      'root',
      'admin',
    ],
    [
      'nobody',
      'daemon',
      'www-data',
      'localhost',
      'linux',
      'debian',
      'ubuntu',
      'server',
      'client',
      'production',
    ],
  ].flat(),
);
const ordinaryPath =
  /^\/(?:etc|var|usr|opt|srv|home|root|tmp|run|lib|mnt|media|dev|proc|sys|boot|bin|sbin)(?:\/|$)/;

// A port, a mode, a user or a directory that a secret task reads would blacken half of every report.
function isSecret(name: string, text: string): boolean {
  if (text.length < (secretName.test(name) ? 4 : 6) || isCommon(text)) return false;
  if (/^\d{1,5}$/.test(text)) return secretName.test(name);
  return !/\s/.test(text) ? !ordinaryPath.test(text) : true;
}

function isCommon(text: string): boolean {
  return common.has(text.trim().toLowerCase());
}

function templated(written: unknown, value: unknown): readonly string[] {
  if (typeof written === 'string') return isTemplate(written) ? texts(value) : [];
  if (Array.isArray(written) && Array.isArray(value))
    return written.flatMap((one, n) => templated(one, value[n]));
  if (!isMapping(written) || !isMapping(value)) return [];
  return Object.entries(written).flatMap(([key, one]) => templated(one, value[key]));
}

function texts(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.includes('\n') ? [value, ...value.split('\n')] : [value];
  if (Array.isArray(value)) return value.flatMap(texts);
  return isMapping(value) ? Object.values(value).flatMap(texts) : [];
}
