/** Whether an element has come into sight, or nearly: from then on what it shows is fetched. */
import { type RefObject, useEffect, useState } from 'react';

/** So far beyond the screen something counts as nearly there. */
const margin = '400px';

export function useInSight(element: RefObject<Element | null>): boolean {
  const [isInSight, setInSight] = useState(() => !('IntersectionObserver' in window));
  useEffect(() => {
    if (isInSight || !element.current) return;
    const observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && setInSight(true),
      { rootMargin: margin },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element, isInSight]);
  return isInSight;
}
