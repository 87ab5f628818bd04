/** What a session fetches when it first needs it: one file on the wire. */
export { createPushRooms } from './pushRooms';
export { createRoomSearch } from './roomSearch';
