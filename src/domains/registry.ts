import type { DomainEntry } from '../cli/tool.ts';
import { containersEntry } from './containers/entry.ts';
import { tlsLogsEntry } from './tls-logs/entry.ts';

/** The domains that come with provision. */
export const domains: readonly DomainEntry[] = [tlsLogsEntry, containersEntry];
