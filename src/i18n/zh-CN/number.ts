/** A number as it is written in Chinese. */
export const number = (value: number) => value.toLocaleString('zh-CN');
