/** Why a file is no saved room, in words. */
export const importing = {
  notJson: 'This file is no saved room: it is not JSON.',
  noExport: 'This file is JSON, but no saved room.',
  tooMany: (count: number, most: number) =>
    `This file has ${count.toLocaleString('en')} messages; at most ${most.toLocaleString('en')} can be shown.`,
  badMessage: (message: number, field: string) =>
    field === ''
      ? `This file was changed or damaged: entry ${message.toLocaleString('en')} is not a message.`
      : `This file was changed or damaged: “${field}” of message ${message.toLocaleString('en')} is missing or wrong.`,
  notInOrder: (message: number) =>
    `This file was changed or damaged: message ${message.toLocaleString('en')} is there twice, or not in its place.`,
};
