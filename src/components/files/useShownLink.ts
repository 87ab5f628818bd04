/**
 * The link of a picture or a sound, as an element of this page can load it. The page's policy lets elements load from
 * its own server alone, so that none can tell others what is read; what a server elsewhere has is fetched whole, which
 * that server allows to the pages that it knows, and is shown as the page's own.
 */
import { useEffect, useEffectEvent, useState } from 'react';
import type { ChatMessage, FilePart } from '../../store/chatStore';
import { type Link, useLink } from './useLink';

interface Brought {
  /** To which try of the link. */
  readonly tries: number;
  readonly url: string;
}

/** As `useLink`. */
export function useShownLink(message: ChatMessage, part: FilePart, isWanted: boolean): Link {
  const link = useLink(message, part, isWanted);
  const { url, tries } = link;
  const farUrl = url !== undefined && isElsewhere(url) ? url : undefined;
  const [brought, setBrought] = useState<Brought>();
  const failed = useEffectEvent(link.onFailed);

  useEffect(() => {
    if (farUrl === undefined) return;
    const leaving = new AbortController();
    let made: string | undefined;
    bytesAt(farUrl, leaving.signal).then(
      (bytes) => {
        if (leaving.signal.aborted) return;
        made = URL.createObjectURL(bytes);
        setBrought({ tries, url: made });
      },
      () => {
        if (!leaving.signal.aborted) failed();
      },
    );
    return () => {
      leaving.abort();
      if (made !== undefined) URL.revokeObjectURL(made);
    };
  }, [farUrl, tries]);

  if (farUrl === undefined) return link;
  return { ...link, url: brought?.tries === tries ? brought.url : undefined };
}

function isElsewhere(url: string): boolean {
  const { protocol, origin } = new URL(url, document.baseURI);
  return protocol.startsWith('http') && origin !== location.origin;
}

/** Rejects where they cannot be had. */
async function bytesAt(url: string, signal: AbortSignal): Promise<Blob> {
  const response = await fetch(url, { signal, credentials: 'omit' });
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return response.blob();
}
