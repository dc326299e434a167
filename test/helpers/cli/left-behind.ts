import { afterAll, vi } from 'vitest';

// vitest takes these back before the next test; what a file of tests does while it is loaded, in the same process, comes earlier.
afterAll(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  vi.useRealTimers();
});
