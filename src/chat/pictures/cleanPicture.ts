/** A picture without what it tells beside its pixels. */
import type { Bytes } from './bytes';

export interface CleanPicture {
  readonly type: 'image/jpeg' | 'image/png' | 'image/webp' | 'image/gif';
  /** In pixels as they are stored, which `orientation` may turn; 0 where it is broken off before it says so. */
  readonly width: number;
  readonly height: number;
  /** How it is turned to be shown: 1 to 8, as Exif has it (CIPA DC-008, tag 0x0112). */
  readonly orientation: number;
  readonly isAnimated: boolean;
  /** What is left of it, in order: mostly views of what was given. */
  readonly parts: readonly Bytes[];
}
