/* One column of numbers brought to its scale: plain C, no Python in sight. */
#ifndef PYNOMALY_SCALING_H
#define PYNOMALY_SCALING_H

#include <stdint.h>

/* (value - center) / spread, logarithmic beyond knee spreads, never further than once [low, high] beyond it. */
typedef struct {
    double center, spread;
    double low, high;
    double knee;
    double missing; /* what NaN becomes */
} Scale;

/* Write n mapped values; out's elements are `step` bytes apart. */
void scale_float32(const double *values, int64_t n, const Scale *scale, char *out, int64_t step);
void scale_float64(const double *values, int64_t n, const Scale *scale, char *out, int64_t step);

#endif
