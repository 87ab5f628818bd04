/** Installs Redis once, before tests run in several processes, of which only one could install it at a time. */
import { findOrInstall, mayUseApt } from './debian';

export function setup(): void {
  // Elsewhere the tests that need it say so.
  if (mayUseApt()) findOrInstall('redis-server');
}
