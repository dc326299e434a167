import { existsSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { dirname } from 'node:path';
import { reportProblems } from '../../../../cli/problem-output.ts';
import { installedSchema } from '../../../../cli/schema/installed-schema.ts';
import { openTerminal, type Terminal } from '../../../../cli/terminal.ts';
import { type Problem, ProvisionError } from '../../../../errors/problem.ts';
import { counted } from '../../../../report/host-list.ts';
import { writeFitted } from '../../../../report/screen.ts';
import { visibleText } from '../../../../report/visible-text.ts';
import { quote } from '../../../../shell/quote.ts';
import { UnreachableError } from '../../../../transport/connection.ts';
import { hostNames } from '../../../../transport/ssh-config/host-names.ts';
import { thisMachine } from '../../../../transport/ssh-config/local-machine.ts';
import { resolveSshConfig } from '../../../../transport/ssh-config/ssh-config.ts';
import type { SshSettings } from '../../../../transport/ssh-config/ssh-settings.ts';
import { type InitAnswers, privateWord, splitHosts } from './init-answers.ts';
import { askQuestions } from './init-asking.ts';
import type { InitOptions } from './init-options.ts';
import { initPlaybook } from './init-playbook.ts';
import { type InitQuestion, initQuestions } from './init-question.ts';

/** `provision init`: asks what options do not say, writes a playbook and prints what comes next; returns the exit code. */
export async function init(file: string, options: InitOptions): Promise<number> {
  const terminal = openTerminal(options.color);
  try {
    if (existsSync(file)) throw fileExists(file);
    const questions = initQuestions(knownHosts(options, terminal));
    const given = await allAnswers(questions, options, terminal);
    if (!given) return 130;
    const answers = answersFrom(given, options.sshConfig);
    write(file, initPlaybook(answers, quote(file), installedSchema()));
    writeFitted(terminal.stdout, summary(file, answers, options).map(visibleText));
    return 0;
  } catch (error) {
    if (!(error instanceof ProvisionError)) throw error;
    reportProblems(error, { playbook: file, version: '', json: false }, terminal);
    return 1;
  }
}

// Git servers stand in the same file, and are nothing to set up.
function knownHosts({ sshConfig }: InitOptions, { stderr }: Terminal): readonly string[] {
  try {
    const names = hostNames(thisMachine(), sshConfig);
    return names.filter((alias) => settingsOf(alias, sshConfig)?.user !== 'git');
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const warning = stderr.paint('yellow', 'warning:');
    writeFitted(stderr, [`${warning} no hosts are proposed: ${visibleText(error.message)}`]);
    return [];
  }
}

// What is wrong with a host's settings is reported by the first command that connects.
function settingsOf(alias: string, sshConfig: string | undefined): SshSettings | undefined {
  try {
    return resolveSshConfig({ alias }, sshConfig);
  } catch (error) {
    if (error instanceof UnreachableError) return undefined;
    throw error;
  }
}

async function allAnswers(
  questions: readonly InitQuestion[],
  options: InitOptions,
  terminal: Terminal,
): Promise<ReadonlyMap<string, string> | undefined> {
  const given = new Map<string, string>();
  const problems: Problem[] = [];
  const ask = !options.yes && process.stdin.isTTY === true;
  for (const question of questions) {
    const said = options[question.key]?.trim() ?? (ask ? undefined : question.proposal(given));
    if (said === undefined) {
      if (!ask) problems.push(unanswered(question));
      continue;
    }
    const complaint = question.complaint(said, given);
    if (complaint === undefined) given.set(question.key, said);
    else
      problems.push({
        code: 'usage',
        message: `${question.flag} ${said}: ${complaint}`,
        hint: 'write another value',
      });
  }
  if (problems.length > 0) throw new ProvisionError(problems);
  return ask ? await askQuestions(questions, given, terminal) : given;
}

function answersFrom(given: ReadonlyMap<string, string>, sshConfig: string | undefined): InitAnswers {
  const [server = '', certificate = '', port = '', directory = ''] = [
    'server',
    'certificate',
    'port',
    'directory',
  ].map((key) => given.get(key));
  const target = certificate === privateWord ? addressOf(server, sshConfig) : undefined;
  return {
    server,
    clients: splitHosts(given.get('clients') ?? ''),
    ...(certificate !== privateWord && { publicName: certificate }),
    ...(target !== undefined && { target }),
    port: Number(port),
    directory,
  };
}

// Clients do not read our ~/.ssh/config: they need what it has behind the alias.
function addressOf(alias: string, sshConfig: string | undefined): string | undefined {
  const host = settingsOf(alias, sshConfig)?.host ?? alias;
  const usable = isIP(host) !== 0 || /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/.test(host);
  return host !== alias && usable ? host : undefined;
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    if (error.code === 'EEXIST') throw fileExists(file);
    const message = error.code === 'ENOENT' ? `there is no directory ${dirname(file)}` : error.message;
    throw new ProvisionError([
      { code: 'file-system', message, hint: 'name a file in a directory that is there and yours' },
    ]);
  }
}

function summary(
  file: string,
  { clients, publicName, target, server }: InitAnswers,
  options: InitOptions,
): readonly string[] {
  const certificates =
    publicName === undefined
      ? 'all certificates from a CA of your own'
      : `certbot's certificate for ${publicName}`;
  const ssh = options.sshConfig === undefined ? [] : ['--ssh-config', options.sshConfig];
  const next = ['provision', 'plan', file, ...ssh].map(quote).join(' ');
  return [
    `wrote ${file}: log server ${server}, ${counted(clients.length, 'client')}, ${certificates}`,
    ...(publicName === undefined && target === undefined
      ? [`Clients must be able to find the name ${server}, or set log_target in the file.`]
      : []),
    `next: ${next}`,
  ];
}

function unanswered({ flag, text }: InitQuestion): ProvisionError['problems'][number] {
  return {
    code: 'no-terminal',
    message: `cannot ask "${text}"`,
    why: 'there is no terminal, and ~/.ssh/config proposes no host',
    hint: `answer it with ${flag}`,
  };
}

function fileExists(file: string): ProvisionError {
  return new ProvisionError([
    {
      code: 'file-exists',
      message: `${file} is there already, and is left alone`,
      hint: 'name another file: `provision init FILE`',
    },
  ]);
}
