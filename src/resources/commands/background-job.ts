import { printBytes } from '../../shell/put.ts';
import { quote } from '../../shell/quote.ts';

/** Where the jobs of a user lie, as with Ansible. */
export const jobDirectory = '"${HOME:-/root}/.ansible_async"';

/** What names of jobs look like. */
export const jobPattern = '^j[0-9]{1,20}\\.[0-9]{1,10}$';

/**
 * sh code that starts other sh code in the background and does not wait for it; nothing of it stands on a command line.
 * @param seconds after which it is ended
 */
export function backgroundScript(job: string, seconds: number, code: string): string {
  return [
    `provision_job=${jobDirectory}`,
    'umask 077',
    'mkdir -p -- "$provision_job" || exit 1',
    `provision_job=$provision_job/${quote(job)}`,
    `{ ${printBytes(code)}\n} >"$provision_job.sh" && : >"$provision_job.out" && : >"$provision_job.err" || exit 1`,
    `( trap '' HUP`,
    `  timeout -k 1 ${seconds} sh "$provision_job.sh" >"$provision_job.out" 2>"$provision_job.err"`,
    '  echo $? >"$provision_job.new"; rm -f -- "$provision_job.sh"; mv -f -- "$provision_job.new" "$provision_job.rc"',
    ') </dev/null >/dev/null 2>&1 &',
    'echo "$provision_job"',
  ].join('\n');
}

/** sh code that prints how a job stands, in lines of `key value`: its code, and what it printed, in base64. */
export function jobStatusScript(job: string): string {
  return [
    `provision_job=${jobDirectory}/${quote(job)}`,
    '[ -e "$provision_job.out" ] || { echo "state missing"; exit 0; }',
    'if [ -e "$provision_job.rc" ]; then echo state finished; else echo state running; exit 0; fi',
    'read -r provision_code <"$provision_job.rc"; echo "code $provision_code"',
    'echo "out $(base64 <"$provision_job.out" | tr -d "\\n")"',
    'echo "err $(base64 <"$provision_job.err" | tr -d "\\n")"',
  ].join('\n');
}
