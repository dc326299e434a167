import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isCertificate } from '../../../../../src/domains/tls-logs/ledger/certificate-observation.ts';
import type { RunEvent } from '../../../../../src/runner/events.ts';
import { LocalProject } from '../../../../helpers/runner/local-run.ts';
import { OpensslAuthority } from '../../../../helpers/tls-logs/openssl-authority.ts';

const made = new OpensslAuthority();
let project: LocalProject;
beforeAll(() => made.root('one', 'subjectAltName=DNS:one.lab'));
afterAll(() => made.remove());
beforeEach(() => {
  project = new LocalProject().open();
  project.write('live/fullchain.pem', made.pem('one'));
});
afterEach(() => project.remove());

const watch = '{ name: watch, renewal_record: { lineage: DIR/live } }';
const plays = (...tasks: readonly string[]) =>
  `\n- hosts: all\n  any_errors_fatal: true\n  tasks:\n${tasks.map((task) => `    - ${task}\n`).join('')}`;

function observed(events: readonly RunEvent[]) {
  return events.flatMap((event) =>
    event.type === 'observation' && isCertificate(event.seen)
      ? [`${event.host ?? 'here'} ${event.seen.stage} ${event.seen.chain ? 'seen' : 'none'}`]
      : [],
  );
}

describe('observations of certificates', () => {
  test('are reported by check mode before the result of their task, and by nothing else', async () => {
    const planned = await project.run(plays(watch), { check: true, hosts: 2 });
    expect(observed(planned.events).toSorted()).toEqual(['a issued seen', 'b issued seen']);
    const [first] = planned.events.filter(
      (event) => event.type === 'observation' || event.type === 'task-result',
    );
    expect(first).toMatchObject({
      type: 'observation',
      task: planned.results[0]?.task,
      seen: { kind: 'certificate', place: project.path('live') },
    });
    expect(observed((await project.run(plays(watch))).events)).toEqual([]);
    const limited = await project.run(plays(watch, '{ debug: { msg: "{{ hostvars.b.x | default(1) }}" } }'), {
      check: true,
      hosts: 2,
      limit: 'a',
    });
    expect(observed(limited.events)).toEqual(['a issued seen']);
  });

  test('are reported though a planned change makes the result unknowable', async () => {
    const change = '{ copy: { dest: DIR/live/fullchain.pem, content: new } }';
    const { events, results } = await project.run(plays(change, watch), { check: true });
    expect(results.map(({ status }) => status)).toEqual(['changed', 'unknown']);
    expect(observed(events)).toEqual(['a issued seen']);
  });

  test('of the private CA: it lies on the control node', async () => {
    const root = '{ private_ca_root: { dest: DIR/root.pem, ca: DIR/ca } }';
    expect(observed((await project.run(plays(root), { check: true })).events)).toEqual(['here issued none']);
    project.write('ca/ca.pem', made.pem('one'));
    expect(observed((await project.run(plays(root), { check: true })).events)).toEqual(['here issued seen']);
  });
});

describe('a survey', () => {
  const bad = '{ name: bad, fail: { msg: no } }';

  test('goes on behind what would fail, on all hosts, and shows it', async () => {
    const plain = await project.run(plays(bad, watch), { check: true, hosts: 2 });
    expect([plain.exitCode, observed(plain.events)]).toEqual([2, []]);
    const survey = await project.run(plays(bad, watch), { check: true, survey: true, hosts: 2 });
    expect([survey.exitCode, observed(survey.events).length]).toEqual([0, 2]);
    expect(survey.results.filter(({ status }) => status === 'failed').map(({ ignored }) => ignored)).toEqual([
      undefined,
      undefined,
    ]);
  });

  test('leaves rescues and ignored failures as they are', async () => {
    const { lines, results } = await project.run(
      plays(
        `block: [${bad}, { name: behind, debug: { msg: x } }]\n      rescue: [{ name: rescue, debug: { msg: x } }]`,
        '{ name: ignored, fail: { msg: no }, ignore_errors: true }',
        watch,
      ),
      { check: true, survey: true },
    );
    expect(lines).toEqual(['a bad failed', 'a rescue ok', 'a ignored failed', 'a watch ok']);
    expect(results.map(({ ignored }) => ignored)).toEqual([true, undefined, true, undefined]);
  });
});
