/** Shows a picture large while one is to be: what shows it is loaded then. */
import { useShownPicture, useShowPicture } from '../../store/shownPicture';
import { useModule } from '../useModule';

const loadDialog = () => import('./PictureDialog');

export function ShownPicture() {
  const seq = useShownPicture();
  return seq === undefined ? null : <Later seq={seq} />;
}

function Later({ seq }: { seq: number }) {
  const show = useShowPicture();
  const loaded = useModule(loadDialog);
  return loaded && loaded !== 'failed' ? <loaded.PictureDialog seq={seq} onShow={show} /> : null;
}
