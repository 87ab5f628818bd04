/**
 * What every close code means, in words: first those after which the page comes back by itself, then those
 * that need a person. How the line ended last is marked.
 */
import { closeCodeTexts as en } from '../i18n/en/closeCodes';
import { useLanguage, useTexts } from '../i18n/texts';
import { closeCodeTexts as zhCN } from '../i18n/zh-CN/closeCodes';
import { useChat } from '../store/chatStore';
import { closeCodes } from '../store/closeCodes';
import styles from './CloseCodes.module.css';

const textsOf = { en, 'zh-CN': zhCN };

/** Of Heartline's own the table says it; of the others only the one that a person brought about stays closed. */
const waiting = new Set<number>(
  Object.values(closeCodes).flatMap(({ code, rule }) =>
    rule === 'stop' || rule === 'never reconnect' ? [code] : [],
  ),
);

export function CloseCodes() {
  const texts = textsOf[useLanguage()];
  const { aside } = useTexts();
  const latest = useChat(({ connection: { cause } }) =>
    cause?.kind === 'closed' ? cause.code : undefined,
  );
  const all = Object.entries(texts.meanings).map(([code, meaning]) => ({
    code: Number(code),
    meaning,
  }));
  const groups = [
    { title: texts.comesBack, codes: all.filter(({ code }) => !waiting.has(code)) },
    { title: texts.needsYou, codes: all.filter(({ code }) => waiting.has(code)) },
  ];
  return (
    <section className={styles.codes} aria-label={texts.title}>
      <h3 className={styles.title}>{texts.title}</h3>
      <p>{texts.intro}</p>
      {groups.map(({ title, codes }) => (
        <section key={title} aria-label={title}>
          <h4>{title}</h4>
          <dl>
            {codes.map(({ code, meaning }) => (
              <div key={code} data-latest={code === latest}>
                <dt>{code}</dt>
                <dd>
                  {meaning}
                  {code === latest && <strong>{aside(texts.latest)}</strong>}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <p>{texts.others}</p>
    </section>
  );
}
