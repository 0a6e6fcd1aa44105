/** What the search looks through: a section of a page, as the build writes it into search.json. */
export interface Found {
  /** The page's title, and the section's. */
  readonly page: string;
  readonly title: string;
  /** Relative to the pages' folder. */
  readonly address: string;
  readonly text: string;
}
