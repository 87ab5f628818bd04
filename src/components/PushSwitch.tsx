/** Lets the user be told of what is said in this room while they are away, where that can be. */
import { useTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import { Switch } from './Switch';

export function PushSwitch() {
  const { push: texts } = useTexts();
  const { status, problem } = useChat((state) => state.push);
  const { setPush } = useChat((state) => state.actions);
  if (status === 'impossible') return null;
  const hint =
    status === 'asking' || status === 'blocked'
      ? texts[status]
      : problem && texts.problems[problem];
  return (
    <Switch
      label={texts.label}
      isOn={status === 'on'}
      isBusy={status === 'asking'}
      isDisabled={status === 'blocked'}
      hint={hint}
      // Asked once more while it is asking, it is taken back.
      onChange={() => setPush(status === 'off')}
    />
  );
}
