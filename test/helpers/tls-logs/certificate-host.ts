import { tlsLogs } from '../../../src/domains/tls-logs/domain.ts';
import type { DomainWork } from '../../../src/resources/domain.ts';
import type { AnyHostResource, Change, Json } from '../../../src/resources/resource.ts';
import type { Step } from '../../../src/resources/step.ts';
import { putPrelude } from '../../../src/shell/put.ts';
import type { ScriptOutput } from '../../../src/shell/script-output.ts';
import { type Shell, ShellHost } from '../resources/shell-host.ts';

// Whoever runs the tests is root to the scripts: they are about who may read what, which only root can set.
const pretend = `chown() { :; }
chgrp() { case "$2" in *) printf '%s' "$2" >"$3.group" ;; esac; }
stat() {
  case "$*" in *%U:%G*) ;; *) command stat "$@"; return ;; esac
  while [ "$1" != -- ]; do shift; done
  shift
  for provision_last; do
    provision_mode=$(command stat -L -c '%a' -- "$provision_last") || return 1
    provision_group=root
    case $provision_mode in 640) provision_group=$(cat "$provision_last.group") ;; esac
    printf 'root:%s %s\\n' "$provision_group" "$provision_mode"
  done
}`;

/** What one application of a resource did. */
export interface Done {
  readonly refused: readonly string[];
  readonly changes: readonly Change[];
  readonly outputs: readonly ScriptOutput[];
  readonly result: { readonly [key: string]: Json };
}

/** This machine as a managed host for resources whose certificates the control node signs. */
export class CertificateHost {
  readonly #host: ShellHost;

  constructor(shell?: Shell, functions = '') {
    this.#host = new ShellHost(shell, {}, `${putPrelude}\n${pretend}\n${functions}`);
  }

  /** What would change. */
  async plan(resource: AnyHostResource, value: object, extra: object = {}) {
    return await this.#host.plan(resource, value, { ...known(resource, value), ...extra });
  }

  /** Looks, compares and does the steps, signing where one asks for it. */
  async apply(resource: AnyHostResource, value: object, extra: object = {}): Promise<Done> {
    const { args, have, refused, changes } = await this.plan(resource, value, extra);
    const work = tlsLogs().begin();
    try {
      const outputs = await this.#steps(
        changes.length > 0 ? resource.steps(args, changes, have) : [],
        work.executors,
      );
      const failed = outputs.some(({ code }) => code !== 0);
      return {
        refused,
        changes,
        outputs,
        result: failed ? {} : (resource.result?.(args, have, outputs) ?? {}),
      };
    } finally {
      work.end();
    }
  }

  async #steps(steps: readonly Step[], executors: DomainWork['executors']): Promise<readonly ScriptOutput[]> {
    const outputs: ScriptOutput[] = [];
    for (const step of steps) {
      let script = step.kind === 'script' ? step.script : '';
      const executor = executors.find(({ kind }) => kind === step.kind);
      if (executor) {
        const made = await executor.run(step, { run: (text) => this.#host.run(text) });
        if (!('script' in made)) return [made];
        script = made.script;
      }
      outputs.push(await this.#host.run(script));
    }
    return outputs;
  }
}

// What the control node itself knows, as the runner adds it.
function known(resource: AnyHostResource, value: object): object {
  const late = Object.entries(resource.lateArguments?.(value) ?? {});
  return Object.fromEntries(late.map(([name, read]) => [name, read()]));
}
