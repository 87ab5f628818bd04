/** The tour of this page, while its panel is shown. */
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useChatStoreApi } from '../../store/chatStore';
import { useLabStoreApi } from '../../store/labStore';
import { usePageControls } from '../pageControls';
import { createTour, type Tour } from './tour';
import type { TourState } from './tourMachine';
import { keepProgress, readProgress } from './tourProgress';

export function useTour(): [tour: Tour, state: TourState] {
  const chat = useChatStoreApi();
  const lab = useLabStoreApi();
  const { handOverPush } = usePageControls();
  const [tour] = useState(() =>
    createTour({ chat, lab, done: readProgress(), keep: keepProgress, handOverPush }),
  );
  useEffect(() => tour.start(), [tour]);
  return [tour, useStore(tour.store)];
}
