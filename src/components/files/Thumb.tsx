/** A picture that is here, small; what this browser cannot show is drawn as what comes in its place. */
import { type ReactNode, useState } from 'react';

export interface ThumbProps {
  url: string;
  className: string | undefined;
  /** In its place. */
  children: ReactNode;
}

export function Thumb({ url, className, children }: ThumbProps) {
  const [broken, setBroken] = useState<string>();
  if (broken === url) return children;
  return <img className={className} src={url} alt="" onError={() => setBroken(url)} />;
}
