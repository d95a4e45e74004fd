/** Why a request had no answer: `ECONNREFUSED`, `ENOTFOUND`. */
export function causeOf(error: unknown): string {
  for (let inner: unknown = error; inner instanceof Error; inner = inner.cause) {
    if ('code' in inner && typeof inner.code === 'string') return inner.code;
    if (inner.name === 'TimeoutError') return 'no answer in time';
    if (inner.cause === undefined) return inner.message;
  }
  return 'no answer';
}

const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/;

/** Whether it was the certificate of the server. */
export function isUntrusted(cause: string): boolean {
  return UNTRUSTED.test(cause);
}
