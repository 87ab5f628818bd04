/** A voice note in the making, in the place of the field. What records it is loaded when it is first wanted. */
import { useTexts } from '../../i18n/texts';
import { useChat } from '../../store/chatStore';
import { useComposerTarget } from '../../store/composerTarget';
import { focusHome } from '../focus';
import { useModule } from '../useModule';
import type { VoiceEnd } from '../voice/VoiceRecorder';
import { useAttaching } from './attaching';
import { checkFiles } from './checkFiles';
import { useAttach } from './useAttach';
import styles from './VoiceNote.module.css';

const loadRecorder = () => import('../voice/VoiceRecorder');

export function VoiceNote({ onClose }: { onClose(): void }) {
  const { files } = useTexts();
  const loaded = useModule(loadRecorder);
  const attach = useAttach();
  const { add, sendAlone, tellOfVoice } = useAttaching();
  const { target, clear } = useComposerTarget();
  const largestBytes = useChat((state) => state.largestFileBytes) ?? 0;

  const close = () => {
    onClose();
    focusHome();
  };

  const onRecorded = (note: File, end: VoiceEnd) => {
    const { taken, refused } = checkFiles([note], { largestBytes, attached: 0 });
    if (end !== 'send') attach([note]);
    else if (taken.length === 0) add([], refused);
    else {
      sendAlone(note, target?.message.seq);
      clear();
    }
    if (end === 'too long' || end === 'ended') tellOfVoice(end);
    close();
  };

  if (loaded === 'failed')
    return (
      <div className={styles.failed}>
        <p role="alert">{files.voice.problems['not loaded']}</p>
        <button type="button" onClick={close}>
          {files.voice.cancel}
        </button>
      </div>
    );
  return loaded ? <loaded.VoiceRecorder onRecorded={onRecorded} onCancel={close} /> : null;
}
