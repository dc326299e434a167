import type { ConfigurationFiles } from './effective-configuration.ts';
import { parameter, type Statement } from './statement.ts';
import { readStatements } from './statement-reader.ts';

// What may stand between statements without doing anything else: braces, conditions, and what ends a rule.
const idle = /^(|[{}\s]+|if\b.*\bthen\b\s*\{?|else\s*\{?|&?\s*(stop|~))$/i;
// Rules of received lines: a file whose name comes from a template.
const filing = /^\S+\s+-?\?\S+$|^if\b.*\bthen\b\s+-?\?\S+$/i;

const listeningModules = new Set(['imtcp', 'imptcp', 'imudp', 'imrelp']);
const listeningDirectives =
  /^(inputtcp|inputptcp|inputrelp|udpserver|inputudp|defaultnetstreamdriver|template$|ruleset$|rulesetcreatemainqueue$|allowedsender$|createdirs$|dircreatemode$|filecreatemode$|umask$)/;

/** Whether a file has nothing but what `belongs` says, so that it may go as a whole. */
export function hasNothingElse(
  path: string,
  files: ConfigurationFiles,
  belongs: (statement: Statement) => boolean,
): boolean {
  const text = files.get(path) ?? '';
  const statements = readStatements(path, text);
  if (!statements.every(belongs)) return false;
  const receives = statements.some(isListening);
  return text.split('\n').every((line, index) => {
    const number = index + 1;
    if (statements.some(({ at }) => at.line <= number && number <= at.end)) return true;
    const bare = line.replace(/(^|\s)#.*$/, '').trim();
    return idle.test(bare) || (receives && filing.test(bare));
  });
}

/** Whether a statement has no purpose but to forward: TLS for all of rsyslogd, settings of an action. */
export function belongsToForwarding(statement: Statement): boolean {
  if (statement.kind === 'directive')
    return /^(action|defaultnetstreamdriver|preservefqdn$)/.test(statement.name);
  return statement.kind === 'object' && statement.name === 'global' && setsOnlyTls(statement);
}

/** Whether a statement has no purpose but to receive from others: TLS, rulesets and what is in them, names of files. */
export function belongsToReceiving(statement: Statement): boolean {
  if (statement.kind === 'directive') return listeningDirectives.test(statement.name);
  if (statement.kind !== 'object') return false;
  if (statement.name === 'global') return setsOnlyTls(statement);
  if (statement.name === 'ruleset' || statement.name === 'template') return true;
  return (
    statement.name === 'action' &&
    statement.within !== '' &&
    parameter(statement.parameters, 'type') === 'omfile'
  );
}

function isListening(statement: Statement): boolean {
  if (statement.kind === 'directive')
    return /^(input(tcp|ptcp|relp)serverrun|udpserverrun)$/.test(statement.name);
  return (
    statement.kind === 'object' &&
    statement.name === 'input' &&
    listeningModules.has(parameter(statement.parameters, 'type') ?? '')
  );
}

function setsOnlyTls(statement: Extract<Statement, { kind: 'object' }>): boolean {
  return [...statement.parameters.keys()].every((name) =>
    /^(defaultnetstreamdriver|preservefqdn$)/.test(name),
  );
}
