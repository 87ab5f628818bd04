import { render, screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { createProvided } from './provided';

const tea = createProvided<{ kind: string }>('the tea');

function Cup() {
  return <p>{tea.useProvided().kind}</p>;
}

describe('what is provided', () => {
  it('is read below its provider', () => {
    render(
      <tea.Provider value={{ kind: 'green' }}>
        <Cup />
      </tea.Provider>,
    );
    expect(screen.getByText('green')).toBeTruthy();
  });

  it('is named by the error where it is not', () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    expect(() => render(<Cup />)).toThrow('the tea is read below its provider only');
  });
});
