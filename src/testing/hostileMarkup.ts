/** Texts that are dense in what the markup of messages is made of. */
import fc from 'fast-check';

export const hostileMarkup = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...[
          '*',
          '**',
          '***',
          '_',
          '`',
          '``',
          '```',
          '```js',
          '> ',
          '>',
          '\n',
          ' ',
          '@',
          '＠',
          '@Ann',
        ],
        ...[
          '[',
          '(',
          ']',
          ')',
          '\\',
          '<b>',
          '&amp;',
          'a',
          'b c',
          '心',
          '你好。',
          '💓',
          '\u202E',
          '\u0301',
        ],
        ...[
          'https://',
          'http://a.example/x_y_',
          'www.',
          'www.a.com',
          'mailto:',
          'javascript:',
          '://',
        ],
        ...['\ud800', '\0', '\r', '\u2028'],
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));
