import { Type } from 'typebox';
import { describe, expect, test } from 'vitest';
import { planItem } from '../../../src/planner/item-plan.ts';
import { Prediction } from '../../../src/planner/prediction.ts';
import { ProbeError } from '../../../src/probes/probe-error.ts';
import type { HostResource } from '../../../src/resources/resource.ts';

interface Args {
  readonly path: string;
  readonly text: string;
  readonly follows?: boolean;
}

/** A resource with every way to answer: the host's word decides. */
const subject: HostResource<Args, string> = {
  kind: 'host',
  name: 'subject',
  summary: 'a subject for tests',
  schema: Type.Object({}),
  effect: 'contained',
  paths: ({ path }) => [path],
  follows: ({ follows }) => follows === true,
  probe: () => ({
    asks: [],
    read([stdout]) {
      if (stdout === 'nonsense') throw new ProbeError('the answer makes no sense');
      return String(stdout);
    },
  }),
  refuse: (_, have) => (have === 'refuse' ? ['not on this host'] : []),
  diff: ({ text }, have) => (text === have ? [] : [{ attribute: 'content', from: have, to: text }]),
  steps: ({ text }) => [{ kind: 'script', script: `echo ${text}` }],
};

const args = { path: '/a', text: 'wanted' };
const answer = (stdout: string) => ({ values: [stdout] });
const plan = (stdout: string, prediction?: Prediction, want: Args = args) =>
  planItem(subject, want, answer(stdout), { contents: false }, prediction);

describe('planItem', () => {
  test('is ok when nothing differs', () => {
    expect(plan('wanted')).toEqual({ status: 'ok', have: 'wanted' });
  });

  test('says what differs and what to run', () => {
    expect(plan('old')).toEqual({
      status: 'changed',
      have: 'old',
      changes: [{ attribute: 'content', from: 'old', to: 'wanted' }],
      steps: [{ kind: 'script', script: 'echo wanted' }],
    });
  });

  test('fails on a refusal and on an answer that makes no sense', () => {
    expect(plan('refuse')).toEqual({ status: 'failed', message: 'not on this host' });
    expect(plan('nonsense')).toEqual({ status: 'failed', message: 'the answer makes no sense' });
  });

  test('after a planned installation a refusal is unknown, not a failure', () => {
    const prediction = new Prediction();
    prediction.plan('install it', undefined);
    expect(plan('refuse', prediction)).toEqual({ status: 'unknown', dependsOn: ['install it'] });
    expect(plan('old', prediction).status).toBe('changed');
    expect(plan('wanted', prediction).status).toBe('ok');
  });

  test('a user that cannot be become fails the task, or may be made by what is planned', () => {
    const output = { code: 126, stdout: '', stderr: 'no such user', refused: 'no such user' };
    const planned = (prediction?: Prediction) =>
      planItem(subject, args, output, { contents: false }, prediction);
    expect(planned()).toEqual({ status: 'failed', message: 'no such user' });
    const prediction = new Prediction();
    expect(planned(prediction)).toEqual({ status: 'failed', message: 'no such user' });
    prediction.plan('make the user', undefined);
    expect(planned(prediction)).toEqual({ status: 'unknown', dependsOn: ['make the user'] });
  });

  test('what follows other changes is unknown once one of them is planned', () => {
    const prediction = new Prediction();
    const following = { ...args, follows: true };
    expect(plan('old', prediction, following).status).toBe('changed');
    prediction.plan('restart it', undefined);
    expect(plan('old', prediction, following)).toEqual({ status: 'unknown', dependsOn: ['restart it'] });
  });

  test('a file that an earlier task is planned to alter cannot be judged yet', () => {
    const prediction = new Prediction();
    prediction.plan('write /a', ['/a']);
    prediction.plan('write /b', ['/b']);
    expect(plan('old', prediction)).toEqual({ status: 'unknown', dependsOn: ['write /a'] });
    expect(plan('old', prediction, { ...args, path: '/c' }).status).toBe('changed');
  });
});
