import { type Static, Type } from 'typebox';
import { Answer } from '../probes/answer.ts';
import { asking } from '../probes/probe.ts';
import { script } from '../probes/script.ts';
import { quote } from '../shell/quote.ts';
import { jobDirectory, jobPattern, jobStatusScript } from './commands/background-job.ts';
import { outputLines, printedKeys } from './commands/printed-output.ts';
import type { HostResource } from './resource.ts';

const schema = Type.Object(
  {
    jid: Type.String({ pattern: jobPattern, description: 'the job, `ansible_job_id` of what began it' }),
    mode: Type.Optional(
      Type.Enum(['status', 'cleanup'], {
        default: 'status',
        description: 'cleanup removes what it printed from the host',
      }),
    ),
  },
  { additionalProperties: false },
);

type Arguments = Static<typeof schema>;

interface State {
  readonly state: string;
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function printed(bytes: Buffer | undefined): string {
  return (bytes?.toString('utf8') ?? '').replace(/[\r\n]+$/, '');
}

/** How a task stands that runs in the background. */
export const asyncStatus: HostResource<Arguments, State> = {
  kind: 'host',
  name: 'async_status',
  summary: 'See how a task stands that runs in the background',
  schema,
  gives: ['ansible_job_id', 'started', 'finished', 'rc', ...printedKeys],
  effect: 'read',
  volatile: true,
  // That it has finished is the change that its task could not report.
  repeats: () => true,
  probe: ({ jid }) =>
    asking({ job: script(jobStatusScript(jid)) }, ({ job }) => {
      const answer = new Answer(job, `job ${jid}`);
      return {
        state: answer.need('state'),
        code: Number(answer.get('code') ?? 0),
        stdout: printed(answer.bytes('out')),
        stderr: printed(answer.bytes('err')),
      };
    }),
  refuse({ jid, mode }, { state, code }) {
    if (mode === 'cleanup') return [];
    if (state === 'missing') return [`could not find job ${jid} on this host, for this user`];
    if (state === 'running' || code === 0) return [];
    return [code === 124 ? 'the job was ended: its time (async) was over' : 'non-zero return code'];
  },
  diff({ mode }, { state }) {
    if (mode === 'cleanup')
      return state === 'missing' ? [] : [{ attribute: 'job', from: state, to: 'absent' }];
    return state === 'finished' ? [{ attribute: 'job', to: 'finished' }] : [];
  },
  steps({ jid, mode }, changes) {
    if (changes.length === 0) return [];
    const files = ['out', 'err', 'rc', 'sh'].map((end) => `${jobDirectory}/${quote(`${jid}.${end}`)}`);
    return [{ kind: 'script', script: mode === 'cleanup' ? `rm -f -- ${files.join(' ')}` : ':' }];
  },
  failedResult: (want, have) => resultOf(want, have),
  result: (want, have) => resultOf(want, have),
};

function resultOf({ jid, mode }: Arguments, { state, code, stdout, stderr }: State) {
  const finished = state === 'running' ? 0 : 1;
  const own = { ansible_job_id: jid, started: 1, finished };
  if (mode === 'cleanup' || state !== 'finished') return own;
  return {
    ...own,
    rc: code,
    stdout,
    stderr,
    stdout_lines: outputLines(stdout),
    stderr_lines: outputLines(stderr),
  };
}
