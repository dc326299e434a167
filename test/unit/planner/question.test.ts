import { expect, test } from 'vitest';
import { heldRestart } from '../../../src/domains/tls-logs/resources/held-restart.ts';
import type { Task } from '../../../src/language/model.ts';
import { isReadOnlyCommand } from '../../../src/planner/question.ts';
import { command } from '../../../src/resources/command.ts';
import type { AnyHostResource } from '../../../src/resources/resource.ts';
import { service } from '../../../src/resources/service.ts';

const declared = { checkMode: false, changedWhen: [{ value: false }] } as unknown as Task;
const plain = { checkMode: undefined, changedWhen: undefined } as unknown as Task;

test.each<[AnyHostResource, object, Task, boolean]>([
  [command, { cmd: 'uptime' }, declared, true],
  [command, { cmd: 'uptime' }, plain, false],
  [command, { cmd: 'uptime', creates: '/x' }, declared, false],
  [service, { name: 'x', state: 'restarted' }, declared, false],
  [heldRestart, { service: 'x', hosts: ['b'] }, declared, false],
])('$name with %j is a read-only command or not', (resource, args, task, readOnly) => {
  expect(isReadOnlyCommand(task, resource, args)).toBe(readOnly);
});
