/* A colour or a font of tokens.css, for what is drawn on a canvas. */
export const token = (of: string): string => getComputedStyle(document.documentElement).getPropertyValue(`--${of}`).trim();
