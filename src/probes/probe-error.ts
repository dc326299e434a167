/** The host's answer to a question cannot be used; the message says what was asked and what came. */
export class ProbeError extends Error {}
