import { quote } from '../shell/quote.ts';
import type { ScriptOutput } from '../shell/script-output.ts';
import { type Ask, asking, type Probe, type ProbeKind } from './probe.ts';

// Whatever no other kind covers: each script is a section of its own, and its output is the answer.
const scriptKind: ProbeKind<string, ScriptOutput> = {
  name: 'script',
  most: 1,
  program: ([text = '']) => text,
  read: (output) => [output],
  inEnvironment: (text, environment) => withEnvironment(text, environment),
};

/** Asks what a POSIX sh snippet prints that changes nothing. */
export function script(text: string): Ask<ScriptOutput> {
  return { kind: scriptKind, question: text };
}

/** A probe that is one snippet. */
export function scriptProbe<State>(probe: {
  readonly script: string;
  parse(output: ScriptOutput): State;
}): Probe<State> {
  return asking({ output: script(probe.script) }, ({ output }) => probe.parse(output));
}

/** Puts a task's environment before a script. */
export function withEnvironment(text: string, environment: Readonly<Record<string, string>>): string {
  const names = Object.entries(environment);
  return names.map(([name, value]) => `export ${name}=${quote(value)}\n`).join('') + text;
}

/** The question as a task with this environment asks it: only what runs programs of others sees it. */
export function inEnvironment(
  ask: Ask<unknown>,
  environment: Readonly<Record<string, string>>,
): Ask<unknown> {
  const { kind, question } = ask;
  return kind.inEnvironment ? { ...ask, question: kind.inEnvironment(question, environment) } : ask;
}
