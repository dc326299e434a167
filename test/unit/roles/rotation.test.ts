import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emptyProject } from '../../helpers/runner/local-run.ts';

const role = join(import.meta.dirname, '../../../roles/rsyslog_server');
const project = emptyProject();

test.each([
  ['daily', '100M', true, ['daily', 'maxsize 100M', 'compress', 'delaycompress']],
  ['weekly', '', true, ['weekly', 'compress', 'delaycompress']],
  ['monthly', '1G', false, ['monthly', 'maxsize 1G', 'nocompress']],
])(
  'received files are rotated %s, at a size of %j, compressed: %s',
  async (every, size, compress, wanted) => {
    const vars = JSON.stringify({
      rsyslog_server_rotated: ['/var/log/remote/%HOSTNAME%/syslog.log'],
      rsyslog_server_rotate_every: every,
      rsyslog_server_rotate_size: size,
      rsyslog_server_rotate_compress: compress,
      rsyslog_server_rotate_keep_days: 30,
      log_server_top: '/var/log/remote',
      log_server_proof_apart: false,
    });
    const play = `- {hosts: all, gather_facts: false, vars: ${vars}, tasks: [{template: {src: ${role}/templates/rotation.j2, dest: DIR/rotation}}]}`;
    expect((await project.run(play)).exitCode).toBe(0);
    const text = readFileSync(project.path('rotation'), 'utf8');
    const words = text.split('\n').map((line) => line.trim());
    expect(words).toContain('"/var/log/remote/*/syslog.log" {');
    const chosen = /^(?:daily|weekly|monthly|maxsize .*|(?:no|delay)?compress)$/;
    expect(words.filter((word) => chosen.test(word))).toEqual(wanted);
    expect(text).toContain('-mtime +29 -delete');
  },
);
