import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { tlsLogs } from '../../../src/domains/tls-logs/domain.ts';
import { loadPlaybook } from '../../../src/language/playbook-loader.ts';
import { resourceMap } from '../../../src/resources/registry.ts';
import type { AnyResource } from '../../../src/resources/resource.ts';
import type { HostRecap, RunEvent, TaskResult } from '../../../src/runner/events.ts';
import type { RunOutcome, RunRequest } from '../../../src/runner/request.ts';
import { run } from '../../../src/runner/run.ts';
import { resources as everyResource, filters } from '../resources/all-resources.ts';

/** What a test looks at after a run. */
export interface LocalRun extends RunOutcome {
  readonly events: readonly RunEvent[];
  readonly results: readonly TaskResult[];
  readonly recap: { readonly [host: string]: HostRecap };
  /** `host task status` of each result, in order. */
  readonly lines: readonly string[];
}

/** A directory with playbooks whose hosts are all this machine; the state of managed hosts stays inside it. */
export class LocalProject {
  readonly #resources: ReadonlyMap<string, AnyResource>;
  #directory: string | undefined;
  #environment: { readonly state: string | undefined; readonly run: string | undefined } | undefined;

  /** @param more resources that its playbooks may use beside those that there are */
  constructor(...more: readonly AnyResource[]) {
    this.#resources = resourceMap([...new Set(everyResource.values()), ...more]);
  }

  get directory(): string {
    if (this.#directory === undefined) throw new Error('the project is not open');
    return this.#directory;
  }

  /** Makes the directory; until it is removed the hosts of this process have their state there. */
  open(): this {
    this.#directory = mkdtempSync(join(tmpdir(), 'provision-run-'));
    this.#environment = { state: process.env.PROVISION_STATE, run: process.env.PROVISION_RUN };
    process.env.PROVISION_STATE = this.path('state');
    process.env.PROVISION_RUN = this.path('run');
    return this;
  }

  remove(): void {
    const { state, run: runDirectory } = this.#environment ?? {};
    if (state === undefined) delete process.env.PROVISION_STATE;
    else process.env.PROVISION_STATE = state;
    if (runDirectory === undefined) delete process.env.PROVISION_RUN;
    else process.env.PROVISION_RUN = runDirectory;
    rmSync(this.directory, { recursive: true, force: true });
    this.#directory = undefined;
  }

  path(...names: string[]): string {
    return join(this.directory, ...names);
  }

  write(name: string, text: string): string {
    const file = this.path(name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  /** Runs plays on hosts a, b, c (as many as wanted); `DIR` in the text stands for this directory. */
  async run(
    plays: string,
    options: Partial<RunRequest> & { hosts?: number; limit?: string } = {},
  ): Promise<LocalRun> {
    const { hosts = 1, limit, ...rest } = options;
    const resources = this.#resources;
    const names = ['a', 'b', 'c', 'd'].slice(0, hosts);
    const inventory = names.map((name) => `      ${name}: { ansible_connection: local }`).join('\n');
    const indented = plays.replaceAll('DIR', this.directory).replace(/^/gm, '  ');
    const file = this.write(
      'play.yml',
      `inventory:\n  all:\n    hosts:\n${inventory}\nplays:\n${indented}\n`,
    );
    const { tags = [], skipTags = [] } = rest;
    const playbook = await loadPlaybook(file, {
      inventories: [],
      extraVars: [],
      limit,
      tags,
      skipTags,
      resources,
      filters,
    });
    const events: RunEvent[] = [];
    const outcome = await (await runner())({
      playbook,
      resources,
      domains: [tlsLogs()],
      check: false,
      diff: false,
      forks: 5,
      tags,
      skipTags,
      become: { enabled: false, user: 'root' },
      connect: {},
      hide: () => undefined,
      stop: new AbortController().signal,
      kill: new AbortController().signal,
      ...rest,
      report: (event) => {
        events.push(event);
        rest.report?.(event);
      },
    });
    const results = events.filter((event) => event.type === 'task-result');
    const last = events.at(-1);
    const recap = last?.type === 'recap' ? last.hosts : {};
    const lines = results.map(
      ({ host, name, status, item }) => `${host} ${name}${item ? ` (${item})` : ''} ${status}`,
    );
    return { ...outcome, events, results, recap, lines };
  }
}

// The same tests on a fleet, whose database PROVISION_TEST_FLEET names: test/lab/fleet.test.ts.
async function runner(): Promise<(request: RunRequest) => Promise<RunOutcome>> {
  const { PROVISION_TEST_FLEET: url } = process.env;
  if (!url) return run;
  const { runOnFleet } = await import('../fleet/suite-fleet.ts');
  return (request) => runOnFleet(url, request);
}

/** A project that each test of the file finds empty. */
export function emptyProject(...more: readonly AnyResource[]): LocalProject {
  const project = new LocalProject(...more);
  beforeEach(() => {
    project.open();
  });
  afterEach(() => project.remove());
  return project;
}
