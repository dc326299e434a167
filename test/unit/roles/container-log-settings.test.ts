import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ProvisionError } from '../../../src/errors/problem.ts';
import { loadPlaybook } from '../../../src/language/playbook-loader.ts';
import { filters, resources } from '../../helpers/resources/all-resources.ts';

const playbook = join(import.meta.dirname, '../../../playbooks/container-logs.yml');
const here = import.meta.filename;

/** What container-logs.yml with settings is refused for, or warned of. */
async function said(more: object): Promise<readonly string[]> {
  const options = { inventories: [], limit: undefined, tags: [], skipTags: [], resources, filters };
  const extraVars = [JSON.stringify({ certbot_agree_tos: true, ...more })];
  return loadPlaybook(playbook, { ...options, extraVars }).then(
    ({ checkWarnings }) => checkWarnings,
    (error: unknown) => {
      if (!(error instanceof ProvisionError)) throw error;
      return error.problems.map(({ message, hint }) => `${message}: ${hint}`);
    },
  );
}

const open =
  /whoever reaches port 6514 may send lines; container_logs_private_ca has clients show certificates/;

test.each<[string, object, readonly RegExp[]]>([
  ['nothing is set', {}, [open]],
  ['certificates of a private CA', { container_logs_private_ca: '/ca' }, []],
  [
    'a root that does not come with provision',
    { logstash_ca_fingerprint: 'AB:CD' },
    [/no root that comes with provision has the SHA-256 AB:CD: name a PEM file .* in logstash_ca_src/],
  ],
  [
    'a root that is not there',
    { logstash_ca_src: '/none.pem' },
    [/\/none\.pem.*: logstash_ca_src names a PEM file on this machine/],
  ],
  [
    'certificates, and nobody to judge them by',
    { logstash_client_authentication: 'required' },
    [/logstash_client_authentication required needs a CA by which clients are judged: name the directory/],
  ],
  [
    'a CA of clients that is not there',
    { logstash_client_ca: '/none.pem' },
    [/\/none\.pem.*: logstash_client_ca names a PEM file on this machine/],
  ],
  [
    'what an old Logstash does not know',
    { logstash_client_ca: here, logstash_client_authentication: 'optional', logstash_before_8_10: true },
    [
      /Logstash before 8\.10 either requires certificates of clients or asks for none.*: set logstash_client_authe/,
    ],
  ],
  [
    'what an old Logstash knows',
    { logstash_client_ca: here, logstash_client_authentication: 'required', logstash_before_8_10: true },
    [],
  ],
])('%s', async (_what, settings, wanted) => {
  const found = await said(settings);
  for (const pattern of wanted)
    expect(
      found.some((one) => pattern.test(one)),
      found.join('\n'),
    ).toBe(true);
  if (wanted.length === 0) expect(found).toEqual([]);
});
