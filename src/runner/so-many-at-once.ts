/** Does something for each of many, for so many at once; rejects with the first error, and begins nothing new after it. */
export async function soManyAtOnce<T>(
  count: number,
  all: Iterable<T>,
  work: (one: T) => Promise<void>,
): Promise<void> {
  const rest = all[Symbol.iterator]();
  let failed = false;
  const worker = async () => {
    for (let next = rest.next(); !next.done && !failed; next = rest.next()) {
      try {
        await work(next.value);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: count }, worker));
}
