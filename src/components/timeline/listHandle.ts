/** What the list can be asked, however it is drawn. */
export interface ListHandle {
  /** Brings a row into view: in the middle, or by as little as is needed. */
  scrollToIndex(index: number, align: 'center' | 'nearest'): void;
  /** The rows that are on screen, in part or whole; none is [0, -1]. */
  visible(): readonly [first: number, last: number];
}
