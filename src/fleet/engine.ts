import { PgBoss } from 'pg-boss';

/** One shard of one run, as the engine hands it to a worker. */
export interface ShardJob {
  readonly run: string;
  readonly shard: number;
}

// Seconds between two signs of life of a worker, and after which another one gets its shards.
const signOfLife = 5;
const patience = 20;
// Shards that one worker has at once: all shards of a run must be in somebody's hands, for they wait for each other.
const hands = 16;

const queueOptions = {
  heartbeatSeconds: patience,
  // The longest that the engine knows; a shard that takes longer is handed on, and goes on after its last play.
  expireInSeconds: 24 * 60 * 60,
  retryLimit: 100,
  retryDelay: 1,
  notify: true,
} as const;

// Where shards of a site wait for workers; without a site, any worker takes them.
function queueOf(site: string | undefined): string {
  return site === undefined ? 'provision-any' : `provision-site.${site.replaceAll('+', '.')}`;
}

/** The engine that hands shards to workers, and again to others when a worker is gone: pg-boss. */
export class Engine {
  readonly #boss: PgBoss;

  private constructor(boss: PgBoss) {
    this.#boss = boss;
  }

  /**
   * Opens the engine's own tables in the fleet's database, and makes them if they are missing.
   * @param trouble is told when the database cannot be reached for a while
   */
  static async open(url: string, trouble: (why: string) => void, works: boolean): Promise<Engine> {
    const boss = new PgBoss({
      connectionString: url,
      schema: 'provision_engine',
      application_name: 'provision',
      max: works ? 6 : 2,
      supervise: works,
      schedule: false,
      useListenNotify: works,
      superviseIntervalSeconds: 5,
      monitorIntervalSeconds: 5,
    });
    boss.on('error', (error) => trouble(error.message));
    await boss.start();
    return new Engine(boss);
  }

  /** Hands shards over to the workers of a site. */
  async send(site: string | undefined, jobs: readonly ShardJob[]): Promise<void> {
    const queue = await this.#queue(site);
    await this.#boss.insert(
      queue,
      jobs.map((data) => ({ data, singletonKey: `${data.run}.${data.shard}` })),
    );
  }

  /** Takes shards of these sites as they come, several at once; `lost` is aborted when a shard has been given to somebody else. */
  async work(
    sites: readonly (string | undefined)[],
    take: (job: ShardJob, lost: AbortSignal) => Promise<void>,
  ): Promise<void> {
    for (const site of sites) {
      await this.#boss.work<ShardJob>(
        await this.#queue(site),
        {
          localConcurrency: hands,
          pollingIntervalSeconds: 1,
          notifyPollingIntervalSeconds: 3,
          heartbeatRefreshSeconds: signOfLife,
        },
        async ([job]) => {
          if (job) await take(job.data, job.signal);
        },
      );
    }
  }

  /** Takes nothing more; what is in hand goes on for so many seconds at most, and then to somebody else. */
  async close(seconds = 1): Promise<void> {
    await this.#boss.stop({ graceful: true, timeout: seconds * 1000, close: true });
  }

  async #queue(site: string | undefined): Promise<string> {
    const name = queueOf(site);
    await this.#boss.createQueue(name, queueOptions);
    return name;
  }
}
