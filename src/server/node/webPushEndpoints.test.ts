import { describe, expect, it } from 'vitest';
import { whyEndpointRefused } from './webPushEndpoints';

describe('an endpoint', () => {
  it.each([
    'https://fcm.googleapis.com/fcm/send/abc:APA91b-_x',
    'https://fcm.googleapis.com/wp/abc',
    'https://updates.push.services.mozilla.com/wpush/v2/gAAAAAB',
    'https://autopush.push.services.mozilla.com/wpush/v2/gAAAAAB',
    'https://wns2-par02p.notify.windows.com/w/?token=BQYAAA%2f%2b',
    'https://web.push.apple.com/QPz',
    'https://api.push.apple.com/3/device/x',
  ])('of a browser’s push service may be pushed to: %s', (endpoint) => {
    expect(whyEndpointRefused(endpoint, [])).toBeUndefined();
  });

  it.each([
    ['nothing', ''],
    ['no address', 'fcm.googleapis.com/x'],
    ['another scheme', 'http://fcm.googleapis.com/x'],
    ['a file', 'file:///etc/passwd'],
    ['a script', 'javascript:alert(1)//fcm.googleapis.com'],
    ['loopback by name', 'https://localhost/x'],
    ['loopback by number', 'https://127.0.0.1/x'],
    ['loopback, short', 'https://127.1/x'],
    ['loopback in decimal', 'https://2130706433/x'],
    ['loopback in hexadecimal', 'https://0x7f000001/x'],
    ['loopback in octal', 'https://0177.0.0.1/x'],
    ['loopback in IPv6', 'https://[::1]/x'],
    ['loopback in IPv6 as IPv4', 'https://[::ffff:127.0.0.1]/x'],
    ['every address', 'https://0.0.0.0/x'],
    ['a cloud’s metadata', 'https://169.254.169.254/latest/meta-data/'],
    ['a private network', 'https://10.0.0.1/x'],
    ['a name inside the network', 'https://intranet/x'],
    ['a known name as user', 'https://fcm.googleapis.com@evil.example/x'],
    ['a known name as user and password', 'https://fcm.googleapis.com:x@127.0.0.1/x'],
    ['a user at a known name', 'https://user@fcm.googleapis.com/x'],
    ['an empty user at a known name', 'https://@fcm.googleapis.com/x'],
    ['another port', 'https://fcm.googleapis.com:8443/x'],
    ['the usual port, said', 'https://fcm.googleapis.com:443/x'],
    ['a known name as the beginning of another', 'https://fcm.googleapis.com.evil.example/x'],
    ['a known name as the end of another', 'https://evil-fcm.googleapis.com/x'],
    ['a subdomain where none is known', 'https://evil.fcm.googleapis.com/x'],
    ['the end of a known name without its dot', 'https://evilnotify.windows.com/x'],
    ['a known suffix alone', 'https://notify.windows.com/x'],
    ['a known suffix in another domain', 'https://x.notify.windows.com.evil.example/x'],
    ['a trailing dot', 'https://fcm.googleapis.com./x'],
    ['capitals', 'https://FCM.googleapis.com/x'],
    ['letters that look alike', 'https://fсm.googleapis.com/x'],
    ['punycode of letters that look alike', 'https://xn--fm-nmc.googleapis.com/x'],
    ['wide letters', 'https://ｆｃｍ.googleapis.com/x'],
    ['a wide dot', 'https://fcm。googleapis.com/x'],
    ['percent-encoding in the name', 'https://fcm%2egoogleapis.com/x'],
    ['a known name in the path', 'https://evil.example/fcm.googleapis.com'],
    ['a known name in the query', 'https://evil.example/?fcm.googleapis.com'],
    ['a known name in the fragment', 'https://evil.example/#fcm.googleapis.com'],
    ['a fragment', 'https://fcm.googleapis.com/x#y'],
    ['an empty fragment', 'https://fcm.googleapis.com/x#'],
    ['a fragment that hides where the name ends', 'https://evil.example#@fcm.googleapis.com/'],
    ['backslashes', 'https:\\\\fcm.googleapis.com\\x'],
    ['a backslash that hides where the name ends', 'https://evil.example\\@fcm.googleapis.com/'],
    ['blanks around', ' https://fcm.googleapis.com/x '],
    ['a line break inside', 'https://fcm.googleapis.com/x\r\nHost: evil.example'],
    ['a tab inside', 'https://fcm.goo\tgleapis.com/x'],
    ['steps upward', 'https://fcm.googleapis.com/x/../y'],
    ['one slash', 'https:/fcm.googleapis.com/x'],
  ])('is refused when it is, or has, %s', (_, endpoint) => {
    expect(whyEndpointRefused(endpoint, [])).toMatch(/^the endpoint /);
  });

  it('of an own push service may be pushed to, on that very scheme, host and port', () => {
    const own = ['http://127.0.0.1:8080'];
    expect(whyEndpointRefused('http://127.0.0.1:8080/push/1', own)).toBeUndefined();
    for (const other of [
      'http://127.0.0.1:8081/push/1',
      'https://127.0.0.1:8080/push/1',
      'http://localhost:8080/push/1',
      'http://127.0.0.1:8080@evil.example/',
      'http://x@127.0.0.1:8080/push/1',
      'http://127.0.0.1:8080/push/1#',
    ]) {
      expect(whyEndpointRefused(other, own), other).toMatch(/^the endpoint /);
    }
  });
});
