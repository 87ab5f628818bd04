import { describe, expect, it } from 'vitest';
import { written } from './commands';

describe('a message that begins with a command', () => {
  it.each([
    ['/me waves', '_waves_'],
    ['／me 挥手', '_挥手_'],
    ['/ME waves', '_waves_'],
    ['/shrug', '¯\\_(ツ)_/¯'],
    ['/shrug who knows', 'who knows ¯\\_(ツ)_/¯'],
    ['/code a *b*', '```\na *b*\n```'],
    ['/code\nfirst\n  second', '```\nfirst\n  second\n```'],
    ['/quote one\ntwo', '> one\n> two'],
  ])('says what it stands for: %j', (text, message) => {
    expect(written(text)).toBe(message);
  });

  it.each([
    '/',
    '/me',
    '/unknown thing',
    '/etc/hosts',
    '//',
    'say /me waves',
    ' /me waves',
    '/meow',
  ])('is nothing else: %j', (text) => {
    expect(written(text)).toBe(text);
  });
});
