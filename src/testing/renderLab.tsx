/** Renders a part of the lab's panel on a line that the test holds. */
import type { ReactNode } from 'react';
import { LabTextsProvider } from '../components/lab/labTexts';
import { LineSourceProvider, useLiveSource } from '../components/lab/lineSource';
import { labPanel } from '../i18n/en/labPanel';
import { createFakeLab } from './fakeLab';
import { type RenderChatOptions, renderChat } from './renderChat';

export function renderLab(part: ReactNode, options: RenderChatOptions = {}) {
  const lab = createFakeLab();
  const view = renderChat(
    <LabTextsProvider value={labPanel}>
      <OnLiveLine>{part}</OnLiveLine>
    </LabTextsProvider>,
    { labStore: lab.labStore, ...options },
  );
  return { ...view, ...lab, chat: view.actions };
}

function OnLiveLine({ children }: { children: ReactNode }) {
  return <LineSourceProvider value={useLiveSource()}>{children}</LineSourceProvider>;
}
