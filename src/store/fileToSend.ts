/** What a file will be to others once it is sent, for who is about to send it. */
export { cleanFileName } from '../chat/fileName';
export { mayTellMore, tellingBytes } from '../chat/pictures/mayTellMore';
