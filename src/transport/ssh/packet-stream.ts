import type { Duplex } from 'node:stream';

/**
 * Lets what is written to a stream go out together, once whoever writes is done for now. ssh2 writes a packet in four
 * pieces, and each would be a packet of the network and wake the server.
 */
export function wholePackets<Stream extends Duplex>(stream: Stream): Stream {
  const write = stream.write.bind(stream) as (...words: unknown[]) => boolean;
  let waiting = false;
  const uncork = (): void => {
    waiting = false;
    stream.uncork();
  };
  stream.write = (...words: unknown[]): boolean => {
    if (!waiting) {
      waiting = true;
      stream.cork();
      process.nextTick(uncork);
    }
    return write(...words);
  };
  return stream;
}
