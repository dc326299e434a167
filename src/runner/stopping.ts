import { Halted } from './task-failure.ts';

/** Waits for work that need not come to its end: rejects with Halted as soon as the run is to stop. */
export function unlessStopped<Value>(stop: AbortSignal, work: Promise<Value>): Promise<Value> {
  const { promise, resolve, reject } = Promise.withResolvers<Value>();
  const halt = () => reject(new Halted());
  if (stop.aborted) halt();
  stop.addEventListener('abort', halt, { once: true });
  work.then(resolve, reject).finally(() => stop.removeEventListener('abort', halt));
  return promise;
}
