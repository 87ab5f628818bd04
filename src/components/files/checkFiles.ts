/** Which of the files that somebody chose can be attached: what is known at once is told at once. */
import type { RefusedFile } from '../../store/attachedFiles';

/** So many may be attached at a time: as many as the server takes on their way. */
export const mostFiles = 20;

export interface CheckedFiles {
  taken: File[];
  refused: RefusedFile[];
}

/** `attached`: so many are already. */
export function checkFiles(
  files: readonly File[],
  { largestBytes, attached }: { largestBytes: number; attached: number },
): CheckedFiles {
  const taken: File[] = [];
  const refused: RefusedFile[] = [];
  for (const file of files) {
    const { name } = file;
    if (file.size === 0) refused.push({ name, why: 'empty' });
    else if (file.size > largestBytes) refused.push({ name, why: 'too large' });
    else if (attached + taken.length >= mostFiles) refused.push({ name, why: 'too many' });
    else taken.push(file);
  }
  return { taken, refused };
}
