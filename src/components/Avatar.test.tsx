import { describe, expect, it } from 'vitest';
import { renderChat } from '../testing/renderChat';
import { Avatar, hueOf, initialsOf } from './Avatar';

describe('the initials of a name', () => {
  it.each([
    ['Ann', 'A'],
    ['ann bell', 'AB'],
    ['Maria del Carmen', 'MC'],
    ['snow_fox', 'SF'],
    ['小明', '小'],
    ['王 小明', '王'],
    ['Łukasz Żak', 'ŁŻ'],
    ['👩‍🚀 Ann', '👩‍🚀'],
    ['e\u0301lan', 'É'],
    ['--', '-'],
    ['', ''],
  ])('of “%s” are “%s”', (name, initials) => {
    expect(initialsOf(name).normalize('NFC')).toBe(initials);
  });
});

describe('the colour of a person', () => {
  it('is the same everywhere, and seldom that of another', () => {
    expect(hueOf('u1')).toBe(hueOf('u1'));
    const hues = Array.from({ length: 1_000 }, (_, index) => hueOf(`user-${index}`));
    expect(new Set(hues).size).toBe(24);
    for (const hue of new Set(hues)) {
      expect(hues.filter((other) => other === hue).length).toBeLessThan(80);
    }
  });
});

describe('an avatar', () => {
  it('is a mark only: neither heard, nor copied, nor found in the text', () => {
    const { container } = renderChat(<Avatar user={{ id: 'u1', name: 'Ann' }} />);
    expect(container.textContent).toBe('');
    expect(container.querySelector('[aria-hidden="true"]')?.getAttribute('data-initials')).toBe(
      'A',
    );
  });
});
