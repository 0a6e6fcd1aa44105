/** The view Lessons, before it is opened. */

/** The view Lessons in English. */
export const lessons = {
  label: 'Lessons',
  about:
    'Six lessons on runs of your own, of five short steps each: from what is predicted to what went wrong. One question is asked before and after; your answers stay on this device.',
};
