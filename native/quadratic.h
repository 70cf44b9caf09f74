/* Squared lengths of rows after a triangular map: the squared Mahalanobis distance, given a root of the precision. */
#ifndef PYNOMALY_QUADRATIC_H
#define PYNOMALY_QUADRATIC_H

#include <stdint.h>

#include "forest.h"

/* Wider rows go to matrix products of a linear algebra library, which win there. */
#define MAX_QUADRATIC_FEATURES 64

/* Write |R (x - centre)|^2 for each row x into lengths. triangle: the upper triangle of R, row by row. The additions of a
   row are made in the same order on every path: same bits, alone or in a batch. Values that are not finite, or
   overflow, give lengths that are not finite. */
void squared_lengths(ScoringPath path, const double *rows, int64_t n_rows, int32_t n_features, const double *centre,
                     const double *triangle, double *lengths);

#endif
