/** A saved room from the text of a file, or what is wrong with that file, in words. */
import { type ImportProblem, importRoom } from './chat/importRoom';
import { exportOf } from './chat/roomExport';
import type { ReadExport } from './components/pageControls';
import type { Texts } from './i18n/en';

/** Reads files for people who read `texts`. */
export function createExportReader(texts: Texts): (file: string) => ReadExport {
  return (file) => {
    const { imported, problem } = importRoom(file);
    if (problem) return { problem: wordsFor(problem, texts.importing) };
    return { room: exportOf(imported.room, imported.messages) };
  };
}

function wordsFor(problem: ImportProblem, texts: Texts['importing']): string {
  switch (problem.kind) {
    case 'not json':
      return texts.notJson;
    case 'no export':
      return texts.noExport;
    case 'too many messages':
      return texts.tooMany(problem.count, problem.most);
    case 'bad message':
      return texts.badMessage(problem.message, problem.field);
    case 'not in order':
      return texts.notInOrder(problem.message);
  }
}
