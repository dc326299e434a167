import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { emptyProject } from '../../helpers/runner/local-run.ts';

const role = join(import.meta.dirname, '../../../roles/logstash_tls');
const project = emptyProject();

// As the sources of the plugin logstash-input-tcp declare them: 6.2.7 comes with Logstash 7.17, 7.0 with 9; those between have the newer ones from 6.4 on.
const common = ['port', 'type', 'ssl_key', 'ssl_certificate_authorities'];
const known = {
  before: [...common, 'ssl_enable', 'ssl_verify', 'ssl_cert', 'ssl_extra_chain_certs'],
  from: [...common, 'ssl_enabled', 'ssl_certificate', 'ssl_client_authentication', 'ssl_extra_chain_certs'],
};

async function pipeline(before: boolean, asks: string): Promise<string> {
  const vars = `{logstash_port: 6514, logstash_mount: /m, logstash_proof_mount: /p, ansible_managed: x, logstash_before_8_10: ${before}, logstash_asks: ${asks}}`;
  const play = `- {hosts: all, gather_facts: false, vars: ${vars}, tasks: [{template: {src: ${role}/templates/pipeline.conf.j2, dest: DIR/p.conf}}]}`;
  const done = await project.run(play);
  expect(done.exitCode).toBe(0);
  return readFileSync(project.path('p.conf'), 'utf8');
}

describe.each(['none', 'optional', 'required'])('certificates of clients: %s', (asks) => {
  test.each([
    ['before', true, asks === 'required'],
    ['from', false, asks !== 'none'],
  ] as const)('Logstash %s 8.10 takes every setting', async (version, before, names) => {
    const text = await pipeline(before, asks);
    const input = text.split('output')[0] ?? '';
    const settings = [...input.matchAll(/^ {4}(\w+) =>/gm)].map(([, name]) => name);
    expect(settings.filter((name) => !known[version].some((one) => one === name))).toEqual([]);
    expect(settings.includes('ssl_certificate_authorities')).toBe(names);
    expect(input).toContain(
      before ? `ssl_verify => ${asks === 'required'}` : `ssl_client_authentication => "${asks}"`,
    );
  });
});

// As Logstash writes it (logstash-core/lib/logstash/config/mixin.rb).
test('a Logstash that does not know them is told apart, and what to set is said', () => {
  const bin = project.path('bin');
  mkdirSync(bin);
  writeFileSync(
    join(bin, 'docker'),
    `#!/bin/sh
case $1 in
inspect) echo image ;;
run) echo "[ERROR][logstash.inputs.tcp] Unknown setting 'ssl_enabled' for tcp"; exit 1 ;;
esac
`,
  );
  chmodSync(join(bin, 'docker'), 0o755);
  const script = `provision_containers() { echo id; }\n${readFileSync(join(role, 'files/config-test.sh'), 'utf8')}`;
  const file = project.write('new.conf', 'input {}\n');
  const { status, stderr } = spawnSync(
    'sh',
    ['-c', script, 'config-test', file, '/srv/logstash', 'logstash'],
    {
      env: { PATH: `${bin}:/usr/bin:/bin` },
      encoding: 'utf8',
    },
  );
  expect(status).toBe(1);
  expect(stderr).toBe(
    "[ERROR][logstash.inputs.tcp] Unknown setting 'ssl_enabled' for tcp\nThis Logstash is older than 8.10: set logstash_before_8_10: true\n",
  );
});
