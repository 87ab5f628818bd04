/** On a phone: what is done seldom, behind one button. */
import { useTexts } from '../i18n/texts';
import { useChat } from '../store/chatStore';
import { Icon } from './Icon';
import { canDisconnect, canReconnect } from './lineButtons';
import { Menu, type MenuItem } from './Menu';
import type { Side } from './pageControls';

export interface RoomMenuProps {
  /** The ways to search and people are elsewhere. */
  hasBar: boolean;
  onToggle(side: Side): void;
  onShare(): void;
}

export function RoomMenu({ hasBar, onToggle, onShare }: RoomMenuProps) {
  const texts = useTexts();
  const status = useChat((state) => state.connection.status);
  const { disconnect, reconnect } = useChat((state) => state.actions);
  const items: MenuItem[] = (hasBar ? [] : (['search', 'people'] as const)).map((side) => ({
    label: texts.rooms[side],
    icon: <Icon name={side} />,
    onSelect: () => onToggle(side),
  }));
  items.push({ label: texts.rooms.share, icon: <Icon name="share" />, onSelect: onShare });
  const open = (side: 'lab' | 'tour', label: string): MenuItem => ({
    label,
    icon: <Icon name={side} />,
    onSelect: () => onToggle(side),
  });
  items.push(open('lab', texts.lab.title), open('tour', texts.lab.tour));
  if (canReconnect(status)) {
    items.push({ label: texts.reconnect, icon: <Icon name="again" />, onSelect: reconnect });
  }
  if (canDisconnect(status)) {
    items.push({ label: texts.disconnect, icon: <Icon name="off" />, onSelect: disconnect });
  }
  return (
    <Menu className="iconButton" label={texts.rooms.menu} align="end" items={items}>
      <Icon name="more" />
    </Menu>
  );
}
