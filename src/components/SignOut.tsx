/** Leaves for good, after asking: what was not sent is deleted, and nobody can be this guest again. */
import { useState } from 'react';
import { useTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import { Question } from './Question';

export function SignOut() {
  const texts = useTexts();
  const { signOut, unsentCount } = useChat((state) => state.actions);
  // Whatever is written or sent meanwhile changes what would be lost.
  useChat((state) => state.messages);
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <button type="button" aria-haspopup="dialog" onClick={() => setAsking(true)}>
        {texts.signOut}
      </button>
      {isAsking && (
        <Question
          title={texts.settings.signOutTitle}
          text={texts.signOutQuestion(unsentCount())}
          confirm={texts.signOut}
          dismiss={texts.stay}
          onConfirm={() => void signOut()}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
