/** Everything that a person can choose, and what concerns the room as a file and leaving it. */
import type { ReactNode } from 'react';
import { useLanguage, useTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import { useSetting } from '../storedSettings';
import { Choice } from './Choice';
import { Dialog } from './Dialog';
import { ExportButton } from './ExportButton';
import { ImportButton } from './ImportButton';
import { languageNames } from './LanguageSwitch';
import { NotifySwitches } from './NotifySwitches';
import { OwnName } from './OwnName';
import { PushSwitch } from './PushSwitch';
import { usePageControls } from './pageControls';
import { ServerField } from './ServerField';
import styles from './Settings.module.css';
import { SignOut } from './SignOut';
import { Switch } from './Switch';

export function Settings({ onClose }: { onClose(): void }) {
  const { settings: texts } = useTexts();
  const mode = useChat((state) => state.mode);
  const canPush = useChat((state) => state.push.status !== 'impossible');
  const { notifyPermission } = usePageControls();
  const canNotify = canPush || notifyPermission() !== 'impossible';
  return (
    <Dialog title={texts.title} onClose={onClose}>
      <Section title={texts.you}>
        <OwnName />
      </Section>
      <Section title={texts.looks}>
        <Looks />
      </Section>
      {canNotify && (
        <Section title={texts.notifications}>
          <PushSwitch />
          <NotifySwitches />
        </Section>
      )}
      <Section title={texts.reading}>
        <Reading />
      </Section>
      <Section title={texts.connection}>
        <ServerField />
        <Background />
      </Section>
      <Section title={texts.thisRoom}>
        <RoomFile />
      </Section>
      {mode === 'chat' && (
        <Section title={texts.leaving}>
          <div className={styles.row}>
            <p>
              <small>{texts.signOutHint}</small>
            </p>
            <SignOut />
          </div>
        </Section>
      )}
    </Dialog>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles.section}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

const languages = (['en', 'zh-CN'] as const).map((value) => ({
  value,
  label: languageNames[value],
  lang: value,
}));

function Looks() {
  const { settings: texts } = useTexts();
  const language = useLanguage();
  const { onSwitchLanguage } = usePageControls();
  const [theme, setTheme] = useSetting('theme');
  const themes = (['system', 'light', 'dark'] as const).map((value) => ({
    value,
    label: texts.themes[value],
  }));
  return (
    <>
      <Choice
        label={texts.language}
        value={language}
        options={languages}
        onChange={onSwitchLanguage}
      />
      <Choice label={texts.theme} value={theme} options={themes} onChange={setTheme} />
    </>
  );
}

function Reading() {
  const { settings: texts } = useTexts();
  const { openPanel } = usePageControls();
  const [entersSend, setEntersSend] = useSetting('enter-sends');
  const [isSimple, setSimple] = useSetting('simple-list');
  const [singleKeys, setSingleKeys] = useSetting('single-keys');
  return (
    <>
      <Switch
        label={texts.entersSend}
        hint={texts.entersSendHint}
        isOn={entersSend}
        onChange={setEntersSend}
      />
      <Switch
        label={texts.simpleList}
        hint={texts.simpleListHint}
        isOn={isSimple}
        onChange={setSimple}
      />
      <Switch
        label={texts.singleKeys}
        hint={texts.singleKeysHint}
        isOn={singleKeys}
        onChange={setSingleKeys}
      />
      <button type="button" onClick={() => openPanel('shortcuts')}>
        {texts.openShortcuts}
      </button>
    </>
  );
}

function Background() {
  const { settings: texts } = useTexts();
  const [background, setBackground] = useSetting('background');
  const options = (['keep', 'close'] as const).map((value) => ({
    value,
    label: texts.backgrounds[value],
  }));
  return (
    <Choice
      label={texts.background}
      hint={texts.backgroundHint}
      value={background}
      options={options}
      onChange={setBackground}
    />
  );
}

function RoomFile() {
  const { settings: texts } = useTexts();
  const { parseExport } = usePageControls();
  return (
    <>
      <div className={styles.row}>
        <p>
          <small>{texts.exportHint}</small>
        </p>
        <ExportButton />
      </div>
      <div className={styles.row}>
        <p>
          <small>{texts.importHint}</small>
        </p>
        <ImportButton parse={parseExport} />
      </div>
    </>
  );
}
