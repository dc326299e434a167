import { configured, type Forwarder } from './configured.ts';
import { type ConfigurationFiles, effectiveConfiguration } from './effective-configuration.ts';
import { lineOf } from './line-change.ts';
import { isAt, parameter, type Statement } from './statement.ts';

/**
 * A configuration that sends what waits in the queues of forwarders, and reads nothing; undefined when none of them keeps lines on disk.
 * A comment of it names each queue.
 */
export function waitingConfiguration(
  files: ConfigurationFiles,
  forwarders: readonly Forwarder[],
): string | undefined {
  const statements = effectiveConfiguration(files);
  const work = workDirectory(statements);
  const chosen: Statement[] = [];
  const queues: string[] = [];
  let before: Statement[] = [];
  for (const statement of statements) {
    if (isActionDirective(statement)) before.push(statement);
    else if (forwarders.some(({ at }) => isAt(statement, at))) {
      chosen.push(...before, statement);
      queues.push(...queuesOf(statement, before, work));
    } else if (setsDriver(statement) || loadsOmrelp(statement)) chosen.push(statement);
    // Settings of an action count for the one behind them.
    if (statement.kind === 'forward') before = [];
  }
  if (queues.length === 0) return undefined;
  const sets = chosen.some((one) => one.kind === 'object' && parameter(one.parameters, 'workDirectory'));
  return [
    ...queues.map((queue) => `# queue ${queue}`),
    ...(sets ? [] : [`global(workDirectory="${work}")`]),
    'module(load="imuxsock" SysSock.Use="off")',
    ...chosen.flatMap(({ at }) =>
      Array.from({ length: at.end - at.line + 1 }, (_, n) => lineOf(files, at.file, at.line + n)),
    ),
    '',
  ].join('\n');
}

function workDirectory(statements: readonly Statement[]): string {
  const set = statements.flatMap((one) => {
    if (one.kind === 'directive') return one.name === 'workdirectory' ? [one.value] : [];
    if (one.kind !== 'object' || one.name !== 'global') return [];
    return one.parameters.get('workdirectory')?.slice(0, 1) ?? [];
  });
  return set.at(-1) ?? '/var/spool/rsyslog';
}

// Of each queue on disk the directory, and how the names of its files begin.
function queuesOf(action: Statement, before: readonly Statement[], work: string): readonly string[] {
  if (action.kind === 'object') {
    const name = parameter(action.parameters, 'queue.filename');
    const directory = parameter(action.parameters, 'queue.spoolDirectory') ?? work;
    return name === undefined ? [] : [`${directory}/${name}`];
  }
  const names = before.flatMap((one) =>
    one.kind === 'directive' && one.name === 'actionqueuefilename' ? [one.value] : [],
  );
  return names.slice(-1).map((name) => `${work}/${name}`);
}

function isActionDirective(statement: Statement): boolean {
  return statement.kind === 'directive' && statement.name.startsWith('action');
}

function setsDriver(statement: Statement): boolean {
  return configured([statement]).drivers.length > 0;
}

function loadsOmrelp(statement: Statement): boolean {
  return configured([statement]).modules.some(({ name }) => name === 'omrelp');
}
