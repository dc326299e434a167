// The library's dependency injection asks for these three functions of the old metadata proposal and for nothing else.
function installMetadata(): void {
  if ('getMetadata' in Reflect) return;
  const store = new WeakMap<object, Map<unknown, unknown>>();
  const get = (key: unknown, target: object) => store.get(target)?.get(key);
  const define = (key: unknown, value: unknown, target: object) => {
    store.set(target, (store.get(target) ?? new Map()).set(key, value));
  };
  Object.assign(Reflect, { getMetadata: get, getOwnMetadata: get, defineMetadata: define });
}

/** Loads the issuing library when something is to be issued: a run that issues nothing does not pay for it. */
export async function loadX509(): Promise<typeof import('@peculiar/x509')> {
  installMetadata();
  return await import('@peculiar/x509');
}
