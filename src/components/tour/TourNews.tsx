/** What was seen last, for who hears the page. */
import type { TourTexts } from '../../i18n/en/tour';
import type { TourState } from './tourMachine';

export interface TourNewsProps {
  texts: TourTexts;
  state: TourState;
}

export function TourNews({ texts, state }: TourNewsProps) {
  return (
    <p className="visuallyHidden" aria-live="polite" data-tour-news>
      {newsOf(state, texts)}
    </p>
  );
}

function newsOf({ open, run, endings }: TourState, texts: TourTexts): string {
  const latest = run?.sights.at(-1);
  if (latest) return texts.seenNow(latest(texts.sights));
  if (run) return texts.running;
  const ending = open && endings[open];
  if (!open || !ending) return '';
  return ending.wasSeen ? texts.stepDone(texts.steps[open].title) : texts.missed;
}
