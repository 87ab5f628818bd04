/** For sessions in which nobody signs out. */
import type { Farewells } from '../chat/farewells';

export const noFarewells: Farewells = {
  note() {
    throw new Error('nobody was to sign out here');
  },
  areDue: () => false,
  deliver: async () => {},
};
