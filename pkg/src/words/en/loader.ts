/** What stands in the place of an element whose script could not be had. */

/** What stands in the place of an element whose script could not be had. */
export const loader = {
  unreachable: (address: string) =>
    `This part of the page could not be loaded: its script at ${address} cannot be reached from here.`,
  sandboxed: (address: string) =>
    `This part of the page could not be loaded: this frame is in a sandbox, and the server of ${address} does not allow other origins to read its scripts (Access-Control-Allow-Origin).`,
};
