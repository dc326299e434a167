import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

function readOrNothing(read: () => string): string {
  try {
    return read();
  } catch {
    return ''; // the process has ended
  }
}

/** Which host of a lab that is up each process of this machine runs in, by its pid as seen from outside. */
export function hostProcesses(lab: string): Map<number, string> {
  const folder = `/run/provision-lab/${lab}/hosts`;
  const hosts = new Map<string, string>();
  for (const host of readdirSync(folder)) {
    const nspawn = readFileSync(`${folder}/${host}/nspawn.pid`, 'utf8').split(' ')[0];
    const init = readFileSync(`/proc/${nspawn}/task/${nspawn}/children`, 'utf8').trim();
    hosts.set(readlinkSync(`/proc/${init}/ns/pid`), host);
  }
  const processes = new Map<number, string>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const host = hosts.get(readOrNothing(() => readlinkSync(`/proc/${pid}/ns/pid`)));
    if (host === undefined) continue;
    // a thread may fork too
    for (const task of readOrNothing(() => readdirSync(`/proc/${pid}/task`).join(' ')).split(' '))
      if (task) processes.set(Number(task), host);
  }
  return processes;
}
