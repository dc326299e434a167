/** What a task makes of a crontab; Ansible's module makes the same of it, as test/lab/ansible-cron.test.ts shows. */
export interface CrontabRow {
  readonly what: string;
  readonly before: string;
  readonly task: { readonly [argument: string]: string | boolean };
  readonly after: string;
}

const jobs = `# by hand

MAILTO=me
  PATH = "/bin"
#Ansible: old
1 2 3 4 5 old job
#Ansible: dup
1 1 1 1 1 dup1
#Ansible: dup
2 2 2 2 2 dup2
0 0 * * * bare
`;

/** Rows for the crontab of a user. */
export const crontabRows: readonly CrontabRow[] = [
  {
    what: 'a job where nothing is',
    before: '',
    task: { name: 'check dirs', minute: '0', hour: '5,2', job: 'ls -alh > /dev/null' },
    after: '#Ansible: check dirs\n0 5,2 * * * ls -alh > /dev/null\n',
  },
  {
    what: 'a job that is there already',
    before: jobs,
    task: { name: 'old', minute: '1', hour: '2', day: '3', month: '4', weekday: '5', job: 'old job' },
    after: jobs,
  },
  {
    what: 'a job that becomes another one, where it is',
    before: jobs,
    task: { name: 'old', minute: '1', job: 'new job' },
    after: jobs.replace('1 2 3 4 5 old job', '1 * * * * new job'),
  },
  {
    what: 'all jobs of a name, when the first one differs',
    before: jobs,
    task: { name: 'dup', minute: '2', hour: '2', day: '2', month: '2', weekday: '2', job: 'dup2' },
    after: jobs.replace('1 1 1 1 1 dup1', '2 2 2 2 2 dup2'),
  },
  {
    what: 'no job of a name, when the first one is right',
    before: jobs,
    task: { name: 'dup', minute: '1', hour: '1', dom: '1', month: '1', dow: '1', job: 'dup1' },
    after: jobs,
  },
  {
    what: 'a name for a job that was written by hand',
    before: jobs,
    task: { name: 'named', minute: '0', hour: '0', job: 'bare' },
    after: jobs.replace('0 0 * * * bare', '#Ansible: named\n0 0 * * * bare'),
  },
  {
    what: 'a word for the time',
    before: '',
    task: { name: 'two  spaces ', special_time: 'reboot', job: '  x' },
    after: '#Ansible: two  spaces \n@reboot   x\n',
  },
  {
    what: 'a job that is disabled',
    before: jobs,
    task: { name: 'old', special_time: 'daily', job: 'old job', disabled: true },
    after: jobs.replace('1 2 3 4 5 old job', '#@daily old job'),
  },
  {
    what: 'a job that is enabled again',
    before: '#Ansible: old\n#@daily old job\n',
    task: { name: 'old', special_time: 'daily', job: 'old job' },
    after: '#Ansible: old\n@daily old job\n',
  },
  {
    what: 'a job that goes, each time that it is there',
    before: jobs,
    task: { name: 'dup', state: 'absent' },
    after: jobs.replace(/#Ansible: dup\n.*\n/g, ''),
  },
  {
    what: 'a job that is not there and goes',
    before: jobs,
    task: { name: 'nope', state: 'absent', job: 'whatever' },
    after: jobs,
  },
  {
    what: 'a variable at the top',
    before: jobs,
    task: { name: 'PATH', env: true, job: '/x "y"' },
    after: `PATH="/x "y""\n${jobs}`,
  },
  {
    what: 'a variable that becomes another one, where it is',
    before: jobs,
    task: { name: 'MAILTO', env: true, value: 'you' },
    after: jobs.replace('MAILTO=me', 'MAILTO="you"'),
  },
  {
    what: 'a variable that has its place already, whatever insertbefore says',
    before: `A="1"\nB="2"\n`,
    task: { name: 'B', env: true, job: '3', insertbefore: 'A' },
    after: `A="1"\nB="3"\n`,
  },
  {
    what: 'a variable below another one',
    before: jobs,
    task: { name: 'APP', env: true, job: '/srv', insertafter: 'MAILTO' },
    after: jobs.replace('MAILTO=me', 'MAILTO=me\nAPP="/srv"'),
  },
  {
    what: 'a variable above another one',
    before: jobs,
    task: { name: 'e-x.y', env: true, job: '', insertbefore: 'MAILTO' },
    after: jobs.replace('MAILTO=me', 'e-x.y=""\nMAILTO=me'),
  },
  {
    what: 'a variable that goes',
    before: jobs,
    task: { name: 'MAILTO', env: true, state: 'absent' },
    after: jobs.replace('MAILTO=me\n', ''),
  },
];
