/* The ground of every map of a county: its surface, its hills and its edge, from the programme's own data. */
import Feature from "ol/Feature";
import Polygon from "ol/geom/Polygon";
import ImageLayer from "ol/layer/Image";
import VectorLayer from "ol/layer/Vector";
import Static from "ol/source/ImageStatic";
import VectorSource from "ol/source/Vector";
import { fromLonLat } from "ol/proj";
import type { Extent } from "ol/extent";
import { Fill, Stroke, Style } from "ol/style";
import { token } from "@/lib/ink";
import { mapOf, type CountyMapData } from "@/lib/maps";

export interface Ground {
  layers: (VectorLayer | ImageLayer<Static>)[];
  draw: (county: string) => Promise<CountyMapData | null>;
  extent: () => Extent | null;
  repaint: () => void;
}

export function makeGround(): Ground {
  const land = new VectorSource(), relief = new ImageLayer<Static>({ opacity: 0.62 });
  const surface = new VectorLayer({ source: land, style: () => new Style({ fill: new Fill({ color: token("land") }) }) });
  const edge = new VectorLayer({ source: land, style: () => new Style({ stroke: new Stroke({ color: token("line-strong"), width: 1.5, lineJoin: "round" }) }) });
  async function draw(county: string): Promise<CountyMapData | null> {
    const found = await mapOf(county).catch(() => null);
    land.clear();
    relief.setSource(null);
    if (!found) return null;
    const { edge: rings, relief: [west, south, east, north], picture } = found;
    for (const ring of rings) land.addFeature(new Feature(new Polygon([ring.map((at) => fromLonLat(at))])));
    const box = [...fromLonLat([west, south]), ...fromLonLat([east, north])];
    if (picture) relief.setSource(new Static({ url: picture, projection: "EPSG:3857", imageExtent: box }));
    return found;
  }
  return { layers: [surface, relief, edge], draw, extent: () => land.getExtent(), repaint: () => land.changed() };
}
