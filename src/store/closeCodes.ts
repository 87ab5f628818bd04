/** Every way in which Heartline closes a line, for who shows them. */
export { closeCodes } from '../chat/types';
