/** Saves what was seen of the line to a file, and opens such a file to be played. */
import { type ChangeEvent, useRef } from 'react';
import {
  type Recording,
  RecordingError,
  type RecordingProblem,
  useLab,
} from '../../store/labStore';
import { Icon } from '../Icon';
import { Menu } from '../Menu';
import { type LabTexts, useLabTexts } from './labTexts';

export interface RecordMenuProps {
  onOpen(recording: Recording): void;
  /** What is wrong, in words; undefined once nothing is. */
  onProblem(problem: string | undefined): void;
}

/** A larger file would fill the page's memory; how much of it is read is for the lab to say. */
const maxFileBytes = 256 * 1_024 * 1_024;

export function RecordMenu({ onOpen, onProblem }: RecordMenuProps) {
  const { record: texts } = useLabTexts();
  const { exportRecording, readRecording } = useLab((state) => state.actions);
  const field = useRef<HTMLInputElement>(null);

  const save = async () => {
    try {
      download(await exportRecording());
      onProblem(undefined);
    } catch {
      onProblem(texts.notSaved);
    }
  };

  const onChange = async ({ currentTarget }: ChangeEvent<HTMLInputElement>) => {
    const file = currentTarget.files?.[0];
    if (!file) return;
    const text = file.size > maxFileBytes ? undefined : await file.text().catch(() => undefined);
    // The same file, mended, can be chosen again.
    if (field.current) field.current.value = '';
    if (text === undefined) return onProblem(`${texts.failed} ${texts.notRead}`);
    try {
      const recording = await readRecording(text);
      onProblem(recording.events.length === 0 ? texts.empty : undefined);
      if (recording.events.length > 0) onOpen(recording);
    } catch (error) {
      onProblem(`${texts.failed} ${problemWords(texts, error)}`);
    }
  };

  return (
    <>
      <input
        ref={field}
        type="file"
        accept=".json,application/json"
        hidden
        data-testid="open-record"
        onChange={(event) => void onChange(event)}
      />
      <Menu
        className="iconButton"
        label={texts.menu}
        align="end"
        items={[
          { label: texts.save, icon: <Icon name="share" />, onSelect: () => void save() },
          {
            label: texts.open,
            icon: <Icon name="play" />,
            onSelect: () => field.current?.click(),
          },
        ]}
      >
        <Icon name="more" />
      </Menu>
    </>
  );
}

function problemWords({ problems, notRead }: LabTexts['record'], error: unknown): string {
  if (!(error instanceof RecordingError)) return notRead;
  const problem: RecordingProblem = error.problem;
  switch (problem.kind) {
    case 'newer':
      return problems.newer(problem.version);
    case 'too large':
      return problems['too large'](problem.most);
    case 'bad field':
      return problems['bad field'](problem.field);
    case 'bad event':
      return problems['bad event'](problem.event, problem.field);
    default:
      return problems[problem.kind];
  }
}

function download(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `heartline-line-${new Date().toISOString().slice(0, 19).replace(/:/g, '-')}.json`;
  link.click();
  URL.revokeObjectURL(url);
}
