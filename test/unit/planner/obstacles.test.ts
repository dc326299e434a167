import { describe, expect, test } from 'vitest';
import { planItem } from '../../../src/planner/item-plan.ts';
import { Prediction } from '../../../src/planner/prediction.ts';
import { apt } from '../../../src/resources/apt.ts';
import { service } from '../../../src/resources/service.ts';
import { systemd } from '../../../src/resources/systemd.ts';

const options = { contents: false, observations: true };
const missing = {
  systemd: true,
  init: 'systemd',
  needsReload: false,
  enablement: '',
  properties: new Map([
    ['LoadState', 'not-found'],
    ['ActiveState', 'inactive'],
  ]),
};

function planned(...paths: readonly string[]): Prediction {
  const prediction = new Prediction();
  if (paths.length > 0) prediction.plan('Unit file', paths);
  return prediction;
}

describe('a unit that is not there', () => {
  const plan = (resource: typeof systemd | typeof service, want: object, prediction?: Prediction) =>
    planItem(resource, want, { values: [missing] }, options, prediction);
  const shown = 'there is no unit app.service on the host; is its package installed?';

  test.each([
    ['systemd', systemd, { name: 'app', state: 'started' }],
    ['systemd that reads unit files again', systemd, { name: 'app', state: 'started', daemon_reload: true }],
    ['service', service, { name: 'app', enabled: true }],
  ])('fails in a plan: %s', (_name, resource, want) => {
    expect(plan(resource, want, planned('/etc/other'))).toEqual({ status: 'failed', message: shown });
  });

  test.each([
    ['/etc/systemd/system/app.service', { name: 'app', state: 'started' }],
    ['/etc/systemd/system/app.service', { name: 'app.service', state: 'started', daemon_reload: true }],
    ['/usr/lib/systemd/system/app@.service', { name: 'app@one', state: 'started' }],
    ['/etc/systemd/system/', { name: 'app.timer', enabled: true }],
    ['/etc/init.d/app', { name: 'app', state: 'started' }],
  ])('is not known once an earlier task writes %s', (path, want) => {
    const unknown = { status: 'unknown', dependsOn: ['Unit file'] };
    expect(plan(systemd, want, planned(path))).toEqual(unknown);
  });

  test('is known to fail once it is to be applied', () => {
    expect(plan(systemd, { name: 'app', state: 'started' })).toEqual({ status: 'failed', message: shown });
  });
});

describe('packages without root', () => {
  const answer = (status: string) => ({
    apt: true,
    other: undefined,
    known: [{ name: 'nano', architecture: 'amd64', status, version: '7' }],
    provided: new Set<string>(),
    lists: true,
    fetched: undefined,
    powerless: true,
    available: undefined,
  });
  const plan = (status: string, prediction: Prediction | undefined) =>
    planItem(apt, { name: ['nano'] }, { values: [answer(status), answer(status)] }, options, prediction);

  test.each([
    ['planned', planned()],
    ['applied', undefined],
  ])('fail where they would be changed: %s', (_name, prediction) => {
    const message = 'only root can install, upgrade or remove packages; add `become: true`';
    expect(plan('config-files', prediction)).toEqual({ status: 'failed', message });
  });

  test('are left alone where all is as wanted', () => {
    expect(plan('installed', planned()).status).toBe('ok');
  });
});
