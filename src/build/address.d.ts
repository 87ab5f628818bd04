/** A worker's script with `?address` behind is where it is fetched from. */
declare module '*?address' {
  export const address: string;
}
