import { relative, resolve } from 'node:path';
import { ProvisionError } from '../../errors/problem.ts';
import { writeFitted } from '../../report/screen.ts';
import { visibleText } from '../../report/visible-text.ts';
import { openAdhocReport } from '../adhoc/adhoc-report.ts';
import { apply } from '../apply-command.ts';
import type { RunOptions } from '../command-options.ts';
import { runPlaybook } from '../playbook-run.ts';
import { reportProblems } from '../problem-output.ts';
import { openTerminal } from '../terminal.ts';
import type { Tool } from '../tool.ts';
import { PlannedChanges, planDifferences } from './planned-changes.ts';
import { readPlan, type SavedPlan, sourcesDigest, writePlan } from './saved-plan.ts';

const mostShown = 20;

/** `provision plan -o FILE`: shows the plan and writes it down, if all of it could be looked at; returns the exit code. */
export async function savePlan(
  playbook: string,
  out: string,
  options: RunOptions,
  tool: Tool,
): Promise<number> {
  const planned = new PlannedChanges();
  let sources = '';
  const code = await apply(
    playbook,
    { ...options, watch: (event) => planned.take(event), loaded: (one) => (sources = sourcesDigest(one)) },
    tool,
  );
  if (sources === '') return code;
  const { stderr } = openTerminal(options.color);
  const { lost, items } = planned;
  const bad = options.detailedExitcode ? code === 1 : code !== 0;
  if (lost.length > 0 || bad) {
    const who = lost.length > 0 ? `: not all was seen of ${lost.join(', ')}` : '';
    writeFitted(stderr, [`the plan was not written to ${out}${who}`]);
    return code === 0 ? 1 : code;
  }
  const { version } = tool;
  writePlan(
    out,
    { version, made: new Date().toISOString(), directory: process.cwd(), playbook, sources, items },
    options,
  );
  writeFitted(stderr, [`the plan is in ${out}; to do exactly that: provision apply ${out}`]);
  return code;
}

/** `provision apply FILE` of a plan: looks again, and does what the plan says if that is still what would be done. Undefined: the file is no plan. */
export async function applyPlan(file: string, options: RunOptions, tool: Tool): Promise<number | undefined> {
  const terminal = openTerminal(options.color);
  try {
    const plan = readPlan(file);
    if (!plan) return undefined;
    const reports = options.report?.map((one) => resolve(one));
    process.chdir(plan.directory);
    const all = { ...options, ...plan.options, ...(reports && { report: reports }) };
    const refused = await refusal(file, plan, all, tool);
    return refused ?? (await apply(plan.playbook, all, tool));
  } catch (error) {
    if (!(error instanceof ProvisionError)) throw error;
    reportProblems(error, { playbook: file, version: tool.version, json: options.json === true }, terminal);
    return 1;
  }
}

// The exit code where the plan does not hold any more; undefined where it does.
async function refusal(
  file: string,
  plan: SavedPlan,
  options: RunOptions,
  tool: Tool,
): Promise<number | undefined> {
  const now = new PlannedChanges();
  let sources = '';
  const { report: _, ...looking } = options;
  const dry = {
    ...looking,
    check: true,
    diff: true,
    json: false,
    watch: (event) => now.take(event),
  } satisfies RunOptions;
  const code = await runPlaybook(plan.playbook, dry, tool, {
    needless: (playbook) => {
      sources = sourcesDigest(playbook);
      return sources === plan.sources ? undefined : 0;
    },
    open: async (terminal, redactor) =>
      openAdhocReport(terminal, redactor, { quiet: true, bare: true, lines: () => [] }),
  });
  if (sources === '' || code === 130 || code === 124) return code;
  if (sources !== plan.sources)
    throw stale(file, ['the playbook, or a file that it uses, is another one now'], plan);
  const unseen = now.lost.map((host) => `${host}: not all could be looked at`);
  const differences = [...unseen, ...planDifferences(plan.items, now.items)];
  if (differences.length > 0) throw stale(file, differences, plan);
  return undefined;
}

function stale(
  file: string,
  differences: readonly string[],
  { directory, playbook }: SavedPlan,
): ProvisionError {
  const shown = differences.slice(0, mostShown).map(visibleText);
  const more = differences.length > mostShown ? [`and ${differences.length - mostShown} more`] : [];
  return new ProvisionError([
    {
      code: 'stale-plan',
      message: `${relative(directory, resolve(file)) || file} does not hold any more, nothing was changed`,
      why: [...shown, ...more].join('; '),
      hint: `look at what would be done now: provision plan ${playbook} -o ${file}`,
    },
  ]);
}
