/** A page that is opened with this in its query comes from the network: to sign in to it, say. */
export const networkOnly = 'from-network';
