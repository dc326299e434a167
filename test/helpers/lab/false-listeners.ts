import { chmod, cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Authority, IssueOption } from './authority.ts';
import { type ContainerLab, monitor } from './container-lab.ts';

interface Listener {
  readonly port: number;
  readonly file: 'cert.pem' | 'fullchain.pem';
  readonly options: readonly IssueOption[];
}

/** What a second Logstash presents, each on a port of its own: one certificate that is well, and others that clients refuse. */
export const falseListeners = {
  leafAlone: { port: 7001, file: 'cert.pem', options: [] },
  well: { port: 7002, file: 'fullchain.pem', options: [] },
  expired: { port: 7003, file: 'fullchain.pem', options: ['--expired'] },
  early: { port: 7004, file: 'fullchain.pem', options: ['--future'] },
  forClients: { port: 7005, file: 'fullchain.pem', options: ['--client'] },
} satisfies Readonly<Record<string, Listener>>;

function input(name: string, { port, file }: Listener): string {
  return `input {
  tcp {
    port => ${port}
    ssl_enabled => true
    ssl_certificate => "/usr/share/logstash/pipeline/${name}/${file}"
    ssl_key => "/usr/share/logstash/pipeline/${name}/privkey.pem"
    ssl_client_authentication => "none"
  }
}
`;
}

/** Starts that Logstash beside the other, with certificates of an authority. */
export async function startFalseListeners({ lab }: ContainerLab, authority: Authority): Promise<void> {
  const folder = join(lab.folder, 'hosts/h3/root/root/false');
  await mkdir(folder);
  await chmod(folder, 0o755);
  for (const [name, listener] of Object.entries<Listener>(falseListeners)) {
    const out = join(authority.folder, name);
    await authority.issue(out, [monitor], ...listener.options);
    await cp(out, join(folder, name), { recursive: true });
    await writeFile(join(folder, `${name}.conf`), input(name, listener));
  }
  const mounted = '/root/false:/usr/share/logstash/pipeline:ro';
  await lab.sh(
    'h3',
    `chmod -R a+rX /root/false; docker run -d --name false --network host -v ${mounted} logstash:7 >/dev/null
    until docker logs false 2>&1 | grep -q running; do sleep 0.1; done`,
  );
}
