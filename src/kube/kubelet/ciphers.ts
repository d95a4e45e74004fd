/** Versions of TLS that a server must not offer: RFC 8996. The least is 1.2 where nobody says anything. */
export const WEAK_TLS_VERSIONS: readonly string[] = ['VersionTLS10', 'VersionTLS11'];

/**
 * Cipher suites that Kubernetes takes and the CIS Kubernetes Benchmark 1.12 (1.2.29, 4.2.12) does not: without forward secrecy, in CBC
 * mode, with RC4 or 3DES. Names of Go's crypto/tls. None of them is one that HTTP/2 needs, so that a list is never worse without them.
 */
export const WEAK_CIPHERS: readonly string[] = [
  'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA',
  'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256',
  'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA',
  'TLS_ECDHE_ECDSA_WITH_RC4_128_SHA',
  'TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA',
  'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA',
  'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA',
  'TLS_ECDHE_RSA_WITH_RC4_128_SHA',
  'TLS_RSA_WITH_3DES_EDE_CBC_SHA',
  'TLS_RSA_WITH_AES_128_CBC_SHA',
  'TLS_RSA_WITH_AES_128_CBC_SHA256',
  'TLS_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_RSA_WITH_AES_256_CBC_SHA',
  'TLS_RSA_WITH_AES_256_GCM_SHA384',
  'TLS_RSA_WITH_RC4_128_SHA',
];
