// What src/fleet uses of its two libraries, and no more: so the rest of the house is checked without them.

declare module 'pg-boss' {
  interface QueueOptions {
    readonly heartbeatSeconds: number;
    readonly expireInSeconds: number;
    readonly retryLimit: number;
    readonly retryDelay: number;
    readonly notify: boolean;
  }

  interface WorkOptions {
    readonly localConcurrency: number;
    readonly pollingIntervalSeconds: number;
    readonly notifyPollingIntervalSeconds: number;
    readonly heartbeatRefreshSeconds: number;
  }

  interface BossOptions {
    readonly connectionString: string;
    readonly schema: string;
    readonly application_name: string;
    readonly max: number;
    readonly supervise: boolean;
    readonly schedule: boolean;
    readonly useListenNotify: boolean;
    readonly superviseIntervalSeconds: number;
    readonly monitorIntervalSeconds: number;
  }

  export class PgBoss {
    constructor(options: BossOptions);
    on(event: 'error', listener: (error: Error) => void): this;
    start(): Promise<this>;
    stop(options: {
      readonly graceful: boolean;
      readonly timeout: number;
      readonly close: boolean;
    }): Promise<void>;
    createQueue(name: string, options: QueueOptions): Promise<void>;
    insert(
      name: string,
      jobs: readonly { readonly data: object; readonly singletonKey: string }[],
    ): Promise<unknown>;
    work<Data>(
      name: string,
      options: WorkOptions,
      handler: (jobs: readonly { readonly data: Data; readonly signal: AbortSignal }[]) => Promise<void>,
    ): Promise<string>;
  }
}

declare module 'pg' {
  interface Row {
    readonly [column: string]: unknown;
  }

  interface ConnectionOptions {
    readonly connectionString: string;
    readonly connectionTimeoutMillis: number;
    readonly application_name: string;
    readonly max?: number;
    readonly query_timeout?: number;
    readonly keepAlive?: boolean;
  }

  interface Queryable {
    query(statement: string, values?: unknown[]): Promise<{ readonly rows: readonly Row[] }>;
    on(event: 'error' | 'end', listener: () => void): this;
    end(): Promise<void>;
  }

  interface Client extends Queryable {
    connect(): Promise<void>;
    on(event: 'error' | 'end', listener: () => void): this;
    on(event: 'notification', listener: (message: { readonly payload?: string }) => void): this;
    release(destroy?: boolean): void;
  }

  interface Pool extends Queryable {
    connect(): Promise<Client>;
  }

  const pg: {
    readonly Pool: new (options: ConnectionOptions) => Pool;
    readonly Client: new (options: ConnectionOptions) => Client;
  };
  namespace pg {
    export type { Client, Pool };
  }
  export default pg;
}
