import { tlsLogsCodes } from '../../../src/domains/tls-logs/problem-codes.ts';
import type { Problem } from '../../../src/errors/problem.ts';
import { type CodeText, problemCodes, unreachableCodes } from '../../../src/errors/problem-codes.ts';
import { formatProblems } from '../../../src/errors/problem-text.ts';

/** A problem as it really came up, with the texts that it points into. */
export interface ProblemSample {
  readonly problem: Problem;
  readonly sources: ReadonlyMap<string, string>;
}

/** Every code of a problem. */
export const allCodes: Readonly<Record<string, CodeText>> = { ...problemCodes, ...tlsLogsCodes };

const head = `# Errors

Every problem that provision reports before or beside a run has a code: it stands in the \`problem\` lines of \`--json\` (\`docs/events.md\`) and
stays the same when the words of a message change. This page has all of them, each with a problem as it comes up in the tests. It is
written by a test from \`src/errors/problem-codes.ts\` and from the codes of the domains; do not edit it by hand: \`npm run golden\`.

Codes of what is due for certificates are in \`docs/certs-json.md\`.
`;

function section(code: string, { meaning, fix }: CodeText, sample: ProblemSample): string {
  const text = formatProblems([sample.problem], sample.sources, { colour: false, width: 110 });
  const shown = text.replace(/\n\n1 problem; nothing was changed$/, '');
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

function hostSection(): string {
  const rows = Object.entries(unreachableCodes).map(
    ([code, { meaning, fix }]) => `| \`${code}\` | ${meaning} | ${fix} |`,
  );
  return `## Hosts that cannot be reached
The \`code\` of a \`host-unreachable\` event.

| code | what it means | what to do |
|---|---|---|
${rows.join('\n')}
`;
}

/** The page docs/errors.md. Throws when a code has no sample: then nothing raises it. */
export function errorsPage(samples: ReadonlyMap<string, ProblemSample>): string {
  const sections = Object.entries(allCodes)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([code, text]) => {
      const sample = samples.get(code);
      if (!sample) throw new Error(`nothing raises ${code}`);
      return section(code, text, sample);
    });
  return [head, ...sections, hostSection()].join('\n');
}
