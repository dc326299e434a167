import { expect, test } from 'vitest';
import { containerLine } from '../../../../../src/domains/containers/resources/container-line.ts';
import { ShellHost } from '../../../../helpers/resources/shell-host.ts';

const want = { listener: 'h3', sender: 'h1', file: '/nowhere', container: '', not_service: '', timeout: 600 };

test('no line is sent ahead of a run, and none is waited for', async () => {
  const host = new ShellHost();
  expect(await host.run(containerLine.listenScript([want], ['token'], true))).toMatchObject({
    code: 0,
    stdout: 'ready\n',
  });
  expect((await host.run(containerLine.sendScript(want, 'token', true))).code).toBe(1);
}, 10_000);
