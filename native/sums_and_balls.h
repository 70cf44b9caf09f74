/* Sums of kernels and innermost balls over packed rows: plain C, no Python in sight. */
#ifndef PYNOMALY_SUMS_AND_BALLS_H
#define PYNOMALY_SUMS_AND_BALLS_H

#include "distances.h"

/* Write log(sum over rows of exp(-factor * squared distance)) for each query; factor >= 0.

   cells: n_groups groups of rows. Rows are met 64 at a time and always in their order; the sum is rescaled whenever a
   nearer row is met, so that nothing overflows or vanishes. */
void log_kernel_sums(const Distances *loops, const double *cells, int64_t n_groups, int32_t n_features, double factor,
                     const double *queries, int64_t n_queries, double *logs);

/* Write the mean over sets of the value of the smallest ball that holds each query, 1 where none does.

   cells: n_sets sets of n_groups groups of centres, the smallest ball first. square_radii, values: of each slot; the
   radius of a slot without a centre is negative. */
void mean_innermost_values(const Distances *loops, const double *cells, int64_t n_sets, int32_t n_groups,
                           int32_t n_features, const double *square_radii, const double *values,
                           const double *queries, int64_t n_queries, double *means);

#endif
