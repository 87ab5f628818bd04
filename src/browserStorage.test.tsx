import { describe, expect, it, vi } from 'vitest';
import { createTextStorage } from './browserStorage';

describe('a text storage', () => {
  it('gives back what it was given, until that is removed', () => {
    const storage = createTextStorage('localStorage');
    expect(storage.get('name')).toBeUndefined();
    storage.set('name', '小明');
    expect(createTextStorage('localStorage').get('name')).toBe('小明');
    storage.remove('name');
    expect(storage.get('name')).toBeUndefined();
  });

  it('keeps apart from what other pages of the origin store, and lists its own', () => {
    const storage = createTextStorage('sessionStorage');
    sessionStorage.setItem('note x', 'not ours');
    storage.set('note b', '1');
    storage.set('note a', '2');
    storage.set('other', '3');
    expect(storage.keys('note ').sort()).toEqual(['note a', 'note b']);
    expect(storage.get('note x')).toBeUndefined();
  });

  it('forgets in silence where the browser allows no storage', () => {
    vi.spyOn(window, 'localStorage', 'get').mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    const storage = createTextStorage('localStorage');
    storage.set('name', 'Ann');
    storage.remove('name');
    expect(storage.get('name')).toBeUndefined();
    expect(storage.keys('')).toEqual([]);
  });
});
