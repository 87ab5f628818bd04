/** What every answer over HTTP tells the browser to allow this page, and others with it. */

const policy = [
  // What is not named below is not to be had: no plugins, no frames, no fonts.
  "default-src 'none'",
  "object-src 'none'",
  // No word of what people write ever becomes a script or a style, not even by our own mistake.
  "script-src 'self'",
  "style-src 'self'",
  // Files of the server in the page are the page's own, and have no other address.
  "img-src 'self' blob:",
  "media-src 'self' blob:",
  "manifest-src 'self'",
  // The clock that keeps time in hidden tabs is a file of its own.
  "worker-src 'self'",
  // The page may be told by its address to talk to a server elsewhere, with TLS or, at home, without;
  // over http it asks there whether that server is well.
  "connect-src 'self' ws: wss: http: https:",
  // Forms are read by the page and never sent.
  "form-action 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
];

const contentSecurityPolicy = policy.join('; ');

/**
 * The same, as the page itself says it where a plain host sends no headers. Who may frame a page is not for
 * the page to say (CSP3, 3.3).
 */
export const policyInPage = policy
  .filter((directive) => !directive.startsWith('frame-ancestors'))
  .join('; ');

const permissionsPolicy = ['camera', 'geolocation', 'payment', 'usb', 'display-capture']
  .map((feature) => `${feature}=()`)
  // For voice notes, once somebody records one and allows it.
  .concat('microphone=(self)')
  .join(', ');

export const securityHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': contentSecurityPolicy,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': permissionsPolicy,
  // Rooms stand in the page's address.
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** For a year TLS only, and no click past a bad certificate: said only where TLS is (RFC 6797, 7.2). */
export const strictTransportSecurity = 'max-age=31536000';
