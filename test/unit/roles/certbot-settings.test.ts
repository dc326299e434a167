import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ProvisionError } from '../../../src/errors/problem.ts';
import { loadPlaybook } from '../../../src/language/playbook-loader.ts';
import { filters, resources } from '../../helpers/resources/all-resources.ts';

const playbook = join(import.meta.dirname, '../../../playbooks/certbot.yml');
const sound = { certbot_domains: ['logs.lab'], certbot_agree_tos: true };

async function refused(more: object): Promise<readonly string[]> {
  const options = { inventories: [], limit: undefined, tags: [], skipTags: [], resources, filters };
  const extraVars = [JSON.stringify({ ...sound, ...more })];
  return loadPlaybook(playbook, { ...options, extraVars }).then(
    ({ checkWarnings }) => checkWarnings,
    (error: unknown) => {
      if (!(error instanceof ProvisionError)) throw error;
      return error.problems.map(({ message, hint, at }) => `${at?.file}: ${message}: ${hint}`);
    },
  );
}

test.each<[string, object, readonly RegExp[]]>([
  ['nothing', {}, []],
  [
    'no domain',
    { certbot_domains: [] },
    [/^--extra-vars: a certificate needs at least one name: set certbot_domains/],
  ],
  [
    'the terms are not agreed to',
    { certbot_agree_tos: false },
    [/does not agree to its terms of service: .*certbot_agree_tos: true/],
  ],
  [
    'a wildcard without DNS',
    { certbot_domains: ['a.lab', '*.lab'] },
    [/a wildcard \(\*\.lab\) is proven by DNS only: set certbot_method/],
  ],
  [
    'a wildcard by DNS',
    { certbot_domains: ['*.lab'], certbot_method: 'dns_cloudflare', certbot_cloudflare_api_token: 'x-1' },
    [],
  ],
  [
    'no token',
    { certbot_method: 'dns_cloudflare' },
    [/needs a token of Cloudflare.*: set certbot_cloudflare_api_token/],
  ],
  [
    'a token with a quote',
    { certbot_method: 'dns_cloudflare', certbot_cloudflare_api_token: "x'" },
    [/of letters, digits, - and _/],
  ],
  [
    'stopped and never started',
    { certbot_stop_command: 'true' },
    [/go together, or what is stopped stays so: set both, or neither/],
  ],
  [
    'a root that is not there',
    { certbot_server_ca: '/none/root.pem' },
    [/there is no file '\/none\/root\.pem'/],
  ],
  [
    'two at once',
    { certbot_domains: [], certbot_agree_tos: false },
    [/at least one name/, /terms of service/],
  ],
  [
    'practice',
    { certbot_staging: true },
    [/^logs: certbot_staging is on, so that the certificate is one that nobody trusts/],
  ],
])('%s', async (_what, more, said) => {
  expect(await refused(more)).toEqual(said.map((one) => expect.stringMatching(one)));
});
