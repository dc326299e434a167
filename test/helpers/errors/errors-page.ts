import { tlsLogsCodes } from '../../../src/domains/tls-logs/problem-codes.ts';
import type { Problem } from '../../../src/errors/problem.ts';
import { type CodeText, problemCodes, unreachableCodes } from '../../../src/errors/problem-codes.ts';
import { formatProblems } from '../../../src/errors/problem-text.ts';
import type { UnreachableError } from '../../../src/transport/connection.ts';

/** A problem as it really came up, with the texts that it points into. */
export interface ProblemSample {
  readonly problem: Problem;
  readonly sources: ReadonlyMap<string, string>;
}

/** Every code of a problem. */
export const allCodes: Readonly<Record<string, CodeText>> = { ...problemCodes, ...tlsLogsCodes };

const head = `# Errors

Every problem that provision reports before or beside a run has a code: it stands below the problem and in the \`problem\` lines of \`--json\`
(\`docs/events.md\`), and \`provision explain CODE\` shows its part of this page. It
stays the same when the words of a message change. This page has all of them, each with a problem as it comes up in the tests. It is
written by a test from \`src/errors/problem-codes.ts\` and from the codes of the domains; do not edit it by hand: \`npm run golden\`.

Codes of what is due for certificates are in \`docs/certs-json.md\`.
`;

function section(code: string, { meaning, fix }: CodeText, sample: ProblemSample): string {
  const text = formatProblems([sample.problem], sample.sources, { colour: false, width: 110 });
  const shown = text.replace(/\n {2}code: [\s\S]*$/, '');
  return `## ${code}
${sentence(meaning)}
\`\`\`
${shown}
\`\`\`
What to do: ${fix}.
`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function hostSection(code: string, { meaning, fix }: CodeText, { message, hint }: UnreachableError): string {
  const next = hint === undefined ? [] : [`  next  ${hint}`];
  return `## ${code}
${sentence(meaning)} It is the \`code\` of a \`host-unreachable\` event.
\`\`\`
${['Unreachable: h1', `  what  ${message}`, ...next].join('\n')}
\`\`\`
What to do: ${fix}.
`;
}

/** The page docs/errors.md. Throws when a code has no sample: then nothing raises it. */
export function errorsPage(
  samples: ReadonlyMap<string, ProblemSample>,
  hosts: ReadonlyMap<string, UnreachableError>,
): string {
  const sections = Object.entries(allCodes)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([code, text]) => {
      const sample = samples.get(code);
      if (!sample) throw new Error(`nothing raises ${code}`);
      return section(code, text, sample);
    });
  const unreachable = Object.entries(unreachableCodes).map(([code, text]) => {
    const sample = hosts.get(code);
    if (!sample) throw new Error(`nothing raises ${code}`);
    return hostSection(code, text, sample);
  });
  return [head, ...sections, '# Hosts that cannot be reached\n', ...unreachable].join('\n');
}
