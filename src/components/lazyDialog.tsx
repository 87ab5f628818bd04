/**
 * Dialogs that are fetched when they are wanted, or before, while the page has nothing better to do: so
 * that one is there without a line, too. Where it cannot be had, that is said, and it is asked for again
 * the next time.
 */
import { type ComponentType, useEffect, useState } from 'react';
import { useTexts } from '../i18n/texts';
import { Dialog } from './Dialog';

interface ClosableProps {
  onClose(): void;
}

export interface LazyDialog {
  View: ComponentType<ClosableProps>;
  /** Fetches it, so that it is there when it is wanted. */
  prefetch(): void;
}

export function createLazyDialog(
  titleOf: (texts: ReturnType<typeof useTexts>) => string,
  load: () => Promise<ComponentType<ClosableProps>>,
): LazyDialog {
  let Loaded: ComponentType<ClosableProps> | undefined;
  const fetchIt = async () => {
    Loaded ??= await load();
    return Loaded;
  };

  function View({ onClose }: ClosableProps) {
    const texts = useTexts();
    const [state, setState] = useState<'loading' | 'loaded' | 'failed'>(
      Loaded ? 'loaded' : 'loading',
    );
    useEffect(() => {
      let isWanted = true;
      const tell = (next: 'loaded' | 'failed') => () => isWanted && setState(next);
      fetchIt().then(tell('loaded'), tell('failed'));
      return () => {
        isWanted = false;
      };
    }, []);
    if (Loaded && state === 'loaded') return <Loaded onClose={onClose} />;
    return (
      <Dialog title={titleOf(texts)} onClose={onClose}>
        <p role={state === 'failed' ? 'alert' : undefined}>
          {state === 'failed' ? texts.settings.notLoaded : texts.settings.loading}
        </p>
      </Dialog>
    );
  }

  return { View, prefetch: () => void fetchIt().catch(() => {}) };
}
