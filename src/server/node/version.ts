/** Which Heartline this is, as the build says. */
declare const __HEARTLINE_VERSION__: string;

export const version = __HEARTLINE_VERSION__;
