/** Notifications while the page is open but hidden, and their sound, where the browser has any. */
import { useState } from 'react';
import { useTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import { useSetting } from '../storedSettings';
import { usePageControls } from './pageControls';
import { Switch } from './Switch';

export function NotifySwitches() {
  const { settings: texts } = useTexts();
  const [isOn, setOn] = useSetting('notify');
  const [hasSound, setSound] = useSetting('sound');
  // Then the switch above has said what to do.
  const isSaid = useChat((state) => state.push.status === 'blocked');
  const { notifyPermission, askToNotify } = usePageControls();
  const [permission, setPermission] = useState(notifyPermission);
  if (permission === 'impossible') return null;

  const onChange = async (wanted: boolean) => {
    setOn(wanted);
    if (!wanted) return;
    const answer = await askToNotify();
    setPermission(answer);
    // Nobody wants what the browser will not do.
    if (answer !== 'granted') setOn(false);
  };
  const isBlocked = permission === 'denied';
  return (
    <>
      <Switch
        label={texts.notify}
        isOn={isOn && !isBlocked}
        isDisabled={isBlocked}
        hint={isBlocked && !isSaid && texts.notifyBlocked}
        onChange={(wanted) => void onChange(wanted)}
      />
      <Switch
        label={texts.sound}
        isOn={hasSound && isOn && !isBlocked}
        isDisabled={!isOn || isBlocked}
        onChange={setSound}
      />
    </>
  );
}
