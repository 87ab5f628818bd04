/** What a session fetches when it first needs it: one file on the wire. */
export { createPushRooms } from './pushRooms';
export { exportOf } from './roomExport';
export { createRoomSearch } from './roomSearch';
