/** Attaches files to what is written in the open room, as far as they can be. */
import { useCallback } from 'react';
import { type RefusedFile, useAttachmentCount } from '../../store/attachedFiles';
import { useChat } from '../../store/chatStore';
import { focusHome } from '../focus';
import { useAttaching } from './attaching';
import { checkFiles } from './checkFiles';

/** `refused`: known before, as what is no file at all. Where no files may be sent nothing is done. */
export function useAttach(): (files: readonly File[], refused?: readonly RefusedFile[]) => void {
  const { add } = useAttaching();
  const attached = useAttachmentCount();
  const largestBytes = useChat((state) => state.largestFileBytes);
  return useCallback(
    (files, refused = []) => {
      if (largestBytes === undefined || files.length + refused.length === 0) return;
      const checked = checkFiles(files, { largestBytes, attached });
      add(checked.taken, [...refused, ...checked.refused]);
      focusHome();
    },
    [add, attached, largestBytes],
  );
}
