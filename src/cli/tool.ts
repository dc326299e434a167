import type { Command } from 'commander';
import type { Noted } from '../records/run-record.ts';
import type { Domain, DomainFilter } from '../resources/domain.ts';
import { builtInResources, resourceMap } from '../resources/registry.ts';
import type { AnyResource } from '../resources/resource.ts';
import type { RunEvent } from '../runner/events.ts';
import type { RunOptions } from './command-options.ts';

/** What every command knows of the tool that it belongs to. */
export interface Tool {
  readonly version: string;
  readonly domains: readonly DomainEntry[];
  /** Values of provision.yml by their keys. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A domain as the command line sees it. It is light: what is heavy is loaded when it is needed, --help is instant. */
export interface DomainEntry {
  readonly name: string;
  /** Registers the commands of the domain. */
  commands?(program: Command, tool: Tool, done: (exitCode: number) => void): void;
  /** Adds options to every command that runs a playbook. */
  runOptions?(command: Command): void;
  /** Loads what says which events of one run have something worth keeping beside tasks and hosts. */
  notes?(): Promise<(event: RunEvent) => readonly Noted[]>;
  /** Loads the domain: for a run, or only to know its resources. */
  load(run?: DomainRun): Promise<Domain>;
}

/** What a domain may use while a run goes on. */
export interface DomainRun {
  /** As the command line gave them, those that the domain added among them. */
  readonly options: RunOptions;
  /** Lets a question have the terminal. */
  aside<T>(question: () => Promise<T>): Promise<T>;
  /** Keeps a secret from ever being shown. */
  hide(secret: string): void;
  /** To be called when the person pressed Ctrl-C instead of answering. */
  interrupted(): void;
}

/** What domains add to templates, by name. */
export async function allFilters(
  domains: readonly DomainEntry[],
): Promise<ReadonlyMap<string, DomainFilter>> {
  const loaded = await Promise.all(domains.map((domain) => domain.load()));
  return new Map(loaded.flatMap(({ filters }) => Object.entries(filters ?? {})));
}

/** Every resource, built-in or of a domain, by its names. */
export async function allResources(
  domains: readonly DomainEntry[],
): Promise<ReadonlyMap<string, AnyResource>> {
  const loaded = await Promise.all(domains.map((domain) => domain.load()));
  return resourceMap([...builtInResources, ...loaded.flatMap(({ resources }) => resources)]);
}
