/** What a session fetches when it first needs it: one file on the wire. */
export { checkReachability } from '../connection/reachability';
export { tellFarewell } from './farewellLine';
export { createLiveRows } from './liveRows';
export { createPushRooms } from './pushRooms';
export { exportOf } from './roomExport';
export { createRoomSearch } from './roomSearch';
export { createUploadStorage } from './uploadStorage';
export { createUploads } from './uploads';
