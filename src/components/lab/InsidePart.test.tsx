import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Inspection } from '../../chat/types';
import { renderLab } from '../../testing/renderLab';
import { InsidePart } from './InsidePart';

describe('what is inside', () => {
  it('is the outbox, each room, and what was put right', async () => {
    const inside: Inspection = {
      rooms: [{ room: 'lobby', epoch: 'epoch-12345678', seq: 41, held: 2 }],
      outbox: [
        { id: 'id-87654321', room: 'tea', body: 'waiting here', state: 'queued', hasLeft: true },
      ],
      gapsFound: 3,
      gapsFilled: 2,
      duplicatesDropped: 9,
    };
    const { chat } = renderLab(<InsidePart />);
    chat.inspect.mockReturnValue(inside);
    const cells = within(await screen.findByRole('table')).getAllByRole('cell');
    expect(cells.map(({ textContent }) => textContent)).toEqual(['41', '2', '12345678']);
    expect(screen.getByRole('listitem').textContent).toContain('waiting here');
    expect(screen.getByRole('listitem').textContent).toContain('goes again');
    const counted = screen.getAllByRole('definition').map(({ textContent }) => textContent);
    expect(counted).toEqual(['1', '3', '2', '9']);
  });

  it('has nothing to show of rooms that number nothing', async () => {
    renderLab(<InsidePart />, { mode: 'plain' });
    expect(screen.getByText(/with bare text nothing is numbered/)).toBeTruthy();
  });
});
