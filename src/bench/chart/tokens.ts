/** The app's colours, for what is drawn outside of it. Pure. */

export interface Colour {
  light: string;
  dark: string;
}

/** Reads a colour out of `tokens.css`. Throws an Error that names it if it is not there in both themes. */
export function colourOf(css: string, name: string): Colour {
  const found = new RegExp(`--${name}:\\s*light-dark\\((#\\w+),\\s*(#\\w+)\\)`).exec(css);
  const [, light, dark] = found ?? [];
  if (!light || !dark) throw new Error(`tokens.css has no colour --${name}`);
  return { light, dark };
}
