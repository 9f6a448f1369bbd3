/* The maps that come with the programmes' data: data/<programme>/map/<code of the county>/. Each is a chunk of its own,
 * read when that county is shown; a county without one is drawn without an edge.
 */
export interface CountyShape { edge: [number, number][][]; relief: [number, number, number, number]; heights_to_lon: number }
export interface CountyMapData extends CountyShape { picture: string }

const OUTLINES = import.meta.glob<CountyShape>("../../../data/*/map/*/outline.json", { import: "default" });
const RELIEFS = import.meta.glob<string>("../../../data/*/map/*/relief.png", { query: "?url", import: "default" });

export async function mapOf(code: string): Promise<CountyMapData | null> {
  const outline = Object.keys(OUTLINES).find((path) => path.split("/").slice(-2)[0] === code);
  if (!outline) return null;
  const picture = RELIEFS[outline.replace("outline.json", "relief.png")];
  const [shape, address] = await Promise.all([OUTLINES[outline](), picture ? picture() : ""]);
  return { ...shape, picture: address };
}
