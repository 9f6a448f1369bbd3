/* The page of a record: some registers have pages of their own, every other is shown by the register browser. */
const OWN: Record<string, string> = {
  units: "/units/", places: "/places/", projects: "/projects/", entries: "/money/entries/", households: "/households/", indicators: "/indicators/", cases: "/cases/",
};
export const pageOf = (register: string, id: string): string => (OWN[register] ?? `/registers/${register}/`) + encodeURIComponent(id);
