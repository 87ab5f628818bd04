import { fireEvent, screen, waitFor } from '@testing-library/react';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { ann, bob, renderChat } from '../../testing/renderChat';
import { MessageBody } from './MessageBody';

const part = (container: HTMLElement) =>
  container.querySelector<HTMLElement>('[data-part="body"]') ?? document.body;

describe('what is drawn of a message', () => {
  it('is its text, each text in its own direction', () => {
    const { container } = renderChat(<MessageBody body={'  two  spaces,\nand lines \n'} />);
    expect(part(container).textContent).toBe('  two  spaces,\nand lines \n');
    expect(part(container).dir).toBe('auto');
  });

  it('has bold, italics, code and quotes as elements that say so', () => {
    renderChat(<MessageBody body={'**loud** _soft_ `code`\n> said'} />);
    expect(screen.getByText('loud').tagName).toBe('STRONG');
    expect(screen.getByText('soft').tagName).toBe('EM');
    expect(screen.getByText('code').tagName).toBe('CODE');
    expect(screen.getByText('said').closest('blockquote')).toBeTruthy();
  });

  it('never is anybody’s HTML', () => {
    const body = '<img src=x onerror=alert(1)> **<b>bold</b>** `<i>`\n> <script>x</script>';
    const { container } = renderChat(<MessageBody body={body} />);
    expect(container.querySelector('img, b, i, script')).toBeNull();
    expect(container.textContent).toContain('<img src=x onerror=alert(1)>');
  });

  it('is everything but the marks that were understood, and nothing throws', () => {
    const withoutMarks = (text: string | null) => text?.replace(/[*_`>\s]/g, '');
    const parts = fc.constantFrom(
      ...'*_`>@\n #💓\u0301\u202e',
      '**',
      '```',
      '> ',
      '@Ann',
      'http://a.b',
    );
    fc.assert(
      fc.property(fc.array(parts), (body) => {
        const { container, unmount } = renderChat(<MessageBody body={body.join('')} />);
        expect(withoutMarks(part(container).textContent)).toBe(withoutMarks(body.join('')));
        for (const link of container.querySelectorAll('a')) expect(link.protocol).toBe('http:');
        unmount();
      }),
      { numRuns: 100 },
    );
  }, 30_000);
});

describe('a link', () => {
  it('opens apart from the page, which it is told nothing of', async () => {
    renderChat(<MessageBody body="see www.a.com" />);
    const link = await screen.findByRole<HTMLAnchorElement>('link', { name: 'www.a.com' });
    expect(link.href).toBe('https://www.a.com/');
    expect(link.target).toBe('_blank');
    expect(link.rel).toBe('noopener noreferrer nofollow');
  });

  it('is never a script', async () => {
    renderChat(<MessageBody body="javascript:alert(1) data:text/html,x https://a.example" />);
    await screen.findByRole('link', { name: 'https://a.example' });
    expect(screen.getAllByRole('link')).toHaveLength(1);
  });
});

describe('emoji', () => {
  it.each(['💓', '👩‍👩‍👧‍👦 🏳️‍🌈', '🇨🇳🇫🇷', '👍🏽', '❤️', '1️⃣', '💓💓💓💓💓💓'])(
    'alone are large: %s',
    (body) => {
      const { container } = renderChat(<MessageBody body={body} />);
      expect(part(container).dataset.emojiAlone).toBe('true');
    },
  );

  it.each(['💓 yes', '12', '', ' ', '💓'.repeat(7), `💓${'\u0301'.repeat(1_000)}`])(
    'in a text, or many, are not: %j',
    (body) => {
      const { container } = renderChat(<MessageBody body={body} />);
      expect(part(container).dataset.emojiAlone).toBe('false');
    },
  );
});

describe('a mention', () => {
  it('stands out, one’s own most of all', () => {
    renderChat(<MessageBody body="@Ann, ask @Bob, not @Carol" />, {
      state: { members: [ann, bob] },
    });
    expect(screen.getByText('@Ann').dataset.mine).toBe('true');
    expect(screen.getByText('@Bob').dataset.mine).toBe('false');
    expect(screen.queryByText('@Carol')).toBeNull();
  });

  it('of somebody who has left is still one, if they have read here', () => {
    renderChat(<MessageBody body="@Bob" />, { state: { reads: [{ user: bob, seq: 3 }] } });
    expect(screen.getByText('@Bob').tagName).toBe('BDI');
  });
});

describe('a long message', () => {
  it.each([
    ['many lines', 'line\n'.repeat(20)],
    ['many letters', 'long '.repeat(300)],
    ['many characters of double width', '心'.repeat(700)],
  ])('is folded, and shown whole on demand: %s', async (_, body) => {
    const { container, user } = renderChat(<MessageBody body={body} />);
    expect(part(container).dataset.folded).toBe('true');
    expect(part(container).textContent).toBe(body);
    const button = screen.getByRole('button', { name: 'Show all' });
    expect(button.getAttribute('aria-expanded')).toBe('false');
    await user.click(button);
    expect(part(container).dataset.folded).toBe('false');
    await user.click(screen.getByRole('button', { name: 'Show less', expanded: true }));
    expect(part(container).dataset.folded).toBe('true');
  });

  it('unfolds when something in the fold is scrolled to', () => {
    const { container } = renderChat(<MessageBody body={'line\n'.repeat(20)} />);
    fireEvent.scroll(part(container));
    expect(part(container).dataset.folded).toBe('false');
  });

  it('is none that is short', () => {
    renderChat(<MessageBody body={'line\n'.repeat(12)} />);
    expect(screen.queryByRole('button')).toBeNull();
  });
});

describe('a block of code', () => {
  it('can be copied as it was written', async () => {
    const { user } = renderChat(<MessageBody body={'```ts\nconst a = 1;\n\nb();\n```'} />);
    const written = vi.spyOn(navigator.clipboard, 'writeText');
    await user.click(screen.getByRole('button', { name: 'Copy code' }));
    expect(written).toHaveBeenCalledExactlyOnceWith('const a = 1;\n\nb();');
    await waitFor(() => expect(screen.getByRole('button', { name: 'Copied' })).toBeTruthy());
  });
});
