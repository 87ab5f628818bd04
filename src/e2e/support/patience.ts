/** What something that is waited for may take on a busy machine, in ms. It says nothing of how fast it has to be. */
export const patienceMs = 30_000;
