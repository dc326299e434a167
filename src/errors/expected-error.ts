/**
 * The root of all errors that provision throws knowingly: something outside is not as it must be, or a signal to whoever
 * waits further up. Whatever else is thrown is a bug.
 */
export abstract class ExpectedError extends Error {
  constructor(message?: string) {
    super(message);
    this.name = new.target.name;
  }
}
