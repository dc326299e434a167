import type { SectionOutput } from '../shell/frame-reader.ts';
import type { Section } from '../shell/program.ts';

/** A section and who runs it; undefined is the login user. */
export interface HostSection extends Section {
  readonly become: string | undefined;
  /** What it is, for `--timings`; its id without it. */
  readonly label?: string;
  /** The task whose step it is, for whoever watches. */
  readonly step?: { readonly task: string; readonly name: string } | undefined;
  /** It makes changes by what others wrote (a command, a package's scripts), which may leave processes that go on printing. */
  readonly foreign?: boolean;
  /** Seconds after which it is ended; undefined is no limit. */
  readonly timeout?: number | undefined;
}

/** What a section printed; with `refused` it was not run, or not to its end. */
export interface HostOutput extends SectionOutput {
  readonly refused?: string;
  /** It was ended after so many seconds; `refused` says so. */
  readonly endedAfter?: number;
}
