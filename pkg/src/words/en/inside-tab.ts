/** What the page says of the Inside screen before it is opened. */

/** The tab Inside in English. */
export const insideTab = {
  verb: 'Look inside',
  fetching: 'Fetching this part of the page.',
  notFetched: 'This part of the page could not be fetched. Check the connection, then reload the page.',
};
