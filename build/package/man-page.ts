import type { TypedWords } from './command-words.ts';
import type { PackageFacts } from './staging.ts';

const exitCodes = [
  ['0', 'ok'],
  ['1', 'usage, playbook or internal error; no host was addressed'],
  ['2', 'a host failed; of \\fBcerts\\fR: something is due'],
  ['4', 'a host was unreachable'],
  ['124', 'the time of the run was over before all hosts were done'],
  ['130', 'interrupted'],
] as const;

/** The manual page, in man(7), of what `--help` of every command shows. */
export function manPage(commands: readonly TypedWords[], facts: PackageFacts): string {
  const [program, ...rest] = commands;
  return [
    `.TH PROVISION 1 "" "provision ${facts.version}" "User Commands"`,
    '.SH NAME',
    'provision \\- set up hosts over SSH',
    '.SH SYNOPSIS',
    ...commands.filter(({ below }) => below.length === 0).flatMap((command) => ['.br', synopsis(command)]),
    '.SH DESCRIPTION',
    plain(program?.description ?? ''),
    ...rest.flatMap((command) => [
      `.SH ${plain(command.path.slice(1).join(' ').toUpperCase())}`,
      plain(sentence(command.description)),
      ...command.arguments.flatMap((argument) => [
        '.TP',
        `.I ${plain(argument.name())}`,
        plain(argument.description),
      ]),
      ...command.options.flatMap((option) => ['.TP', `.B ${plain(option.flags)}`, plain(option.description)]),
    ]),
    '.SH EXIT STATUS',
    ...exitCodes.flatMap(([code, meaning]) => ['.TP', `.B ${code}`, meaning]),
    '.SH SEE ALSO',
    'The guides in /usr/share/doc/provision, where a Debian package put it.',
    '',
  ].join('\n');
}

function synopsis({ path, arguments: wanted }: TypedWords): string {
  const names = wanted.map((one) =>
    one.required ? `\\fI${plain(one.name())}\\fR` : `[\\fI${plain(one.name())}\\fR]`,
  );
  return [`\\fB${plain(path.join(' '))}\\fR`, '[\\fIoptions\\fR]', ...names].join(' ');
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

// A line that begins with a dot or a quote is a request to man.
function plain(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/gm, '\\&');
}
