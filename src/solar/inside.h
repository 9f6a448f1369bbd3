/* solar/inside.h - inside the room only: angles, and bounds that let NAN through. */
#pragma once
#include <math.h>

#define PI 3.14159265358979323846
static inline double rad(double deg) { return deg * (PI / 180); }
static inline double deg(double radians) { return radians * (180 / PI); }
static inline double sind(double degrees) { return sin(rad(degrees)); }
static inline double cosd(double degrees) { return cos(rad(degrees)); }
static inline double turn(double degrees) { double t = fmod(degrees, 360); return t < 0 ? t + 360 : t; }
/* The greater one; NAN stays NAN (fmax would hide it). */
static inline double at_least(double value, double bound) { return value < bound ? bound : value; }
static inline double at_most(double value, double bound) { return value > bound ? bound : value; }
static inline double clamp(double value, double low, double high) { return at_most(at_least(value, low), high); }
