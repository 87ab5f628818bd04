/** Fetches what a session first needs later. It stands here alone: each import takes its place in the first load. */
export const loadParts = () => import('./laterParts');
