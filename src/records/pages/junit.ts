import { attributeLines } from '../../report/diff-text.ts';
import { paintWith } from '../../report/paint.ts';
import type { ResultRecord } from '../run-record.ts';
import { type RunView, titleOf } from './run-view.ts';

const plain = paintWith(false);

/** A run as JUnit's XML, as CI systems read it: a suite for each play, a case for each task on each host. */
export function junit({ run }: RunView): string {
  const lost = run.remarks.filter(({ kind, host }) => host !== undefined && isLoss(kind));
  const plays = Map.groupBy(run.results, ({ play }) => play);
  const suites = run.plays.map(({ play, name }) => suite(name, (plays.get(play) ?? []).map(testCase)));
  const connections = lost.map(({ kind, host = '', message, hint }) => {
    const text = hint === undefined ? message : `${message}\nnext: ${hint}`;
    return {
      kind: 'error' as const,
      text: tag(
        'testcase',
        { classname: host, name: kind, time: '0' },
        tag('error', { message }, escaped(text)),
      ),
      time: 0,
    };
  });
  const all = [...(connections.length > 0 ? [suite('hosts that were lost', connections)] : []), ...suites];
  const sum = (count: (one: Suite) => number): string =>
    String(all.reduce((total, one) => total + count(one), 0));
  const head = {
    name: `${run.command} ${run.playbook}`,
    tests: sum(({ tests }) => tests),
    failures: sum(({ failures }) => failures),
    errors: sum(({ errors }) => errors),
    time: seconds(run.duration ?? 0),
    timestamp: run.started,
  };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${tag('testsuites', head, `\n${all.map(({ text }) => text).join('')}`)}`;
}

interface Case {
  readonly kind: 'passed' | 'failed' | 'skipped' | 'error';
  readonly text: string;
  /** Milliseconds. */
  readonly time: number;
}

interface Suite {
  readonly text: string;
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
}

function isLoss(kind: string): boolean {
  return kind === 'host-unreachable' || kind === 'host-failed';
}

function suite(name: string, cases: readonly Case[]): Suite {
  const count = (kind: Case['kind']): number => cases.filter((one) => one.kind === kind).length;
  const [failures, errors] = [count('failed'), count('error')];
  const head = {
    name,
    tests: String(cases.length),
    failures: String(failures),
    errors: String(errors),
    skipped: String(count('skipped')),
    time: seconds(cases.reduce((sum, { time }) => sum + time, 0)),
  };
  return {
    text: tag('testsuite', head, `\n${cases.map(({ text }) => text).join('')}`),
    tests: cases.length,
    failures,
    errors,
  };
}

function testCase(result: ResultRecord): Case {
  const { host, duration, resource } = result;
  const { kind, body } = outcomeOf(result);
  const head = { classname: host, name: `${titleOf(result)} [${resource}]`, time: seconds(duration) };
  return { kind, time: duration, text: tag('testcase', head, body) };
}

// A failure that the playbook lets pass is none of the run.
function outcomeOf(result: ResultRecord): { readonly kind: Case['kind']; readonly body: string } {
  const { status, ignored, message = '', output, changes } = result;
  if (status === 'failed' && !ignored) {
    const printed = [message, output?.stdout ?? '', output?.stderr ?? '']
      .filter((text) => text !== '')
      .join('\n');
    return {
      kind: 'failed',
      body: tag('failure', { message: message.split('\n')[0] ?? '' }, escaped(printed)),
    };
  }
  if (status === 'skipped' || status === 'unknown')
    return { kind: 'skipped', body: tag('skipped', { message: message || status }, '') };
  const lines = [...(ignored ? [`failed, ignored: ${message}`] : []), ...attributeLines(changes, plain)];
  return { kind: 'passed', body: lines.length === 0 ? '' : tag('system-out', {}, escaped(lines.join('\n'))) };
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

function tag(name: string, attributes: Readonly<Record<string, string>>, body: string): string {
  const words = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${escaped(value).replaceAll('\n', '&#10;')}"`,
  );
  return body === '' ? `<${name}${words.join('')}/>\n` : `<${name}${words.join('')}>${body}</${name}>\n`;
}

// XML has no way to write some characters at all.
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
