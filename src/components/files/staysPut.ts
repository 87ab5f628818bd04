/**
 * For a button in a row: a press does not give the row the focus, which on a phone would bring up its actions and
 * move the button away from under the finger before the press has ended.
 */
import type { MouseEvent } from 'react';

export const staysPut = { onMouseDown: (event: MouseEvent) => event.preventDefault() };
