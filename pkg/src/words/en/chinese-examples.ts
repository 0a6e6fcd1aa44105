/** Examples of the Fill mask screen where the model has read Chinese. */

/** Their names in English. */
export const chineseExamples = {
  capital: 'A word of two characters',
  country: 'A country',
  weather: 'Weather and mood',
  compare: 'Compare characters',
};
