/* The inner loops over distances, for each instruction set: plain C, no Python in sight. */
#ifndef PYNOMALY_DISTANCES_H
#define PYNOMALY_DISTANCES_H

#include <stdint.h>

#include "forest.h" /* ScoringPath, HAS_X86_PATHS */

/* Rows are packed in groups, each group column by column; what is left of the last group is infinite. */
#define GROUP 8

/* Groups that are looked at together: as many rows as a mask has bits. */
#define GROUPS_AT_ONCE 8

/* The filter's tiles of rows, column by column, and the queries it looks at together, column by column too. */
#define TILE 32
#define QUERIES 6

/* Columns of a box: as many as there are, filled up to a multiple of four. */
static inline int32_t padded(int32_t n_features)
{
    return (n_features + 3) / 4 * 4;
}

/* A squared distance is the sum of squared differences, in four sums over the columns 0, 4, 8, ..., 1, 5, 9, ... and so
   on, added as (0 + 1) + (2 + 3): the same bits on every path, and in numpy. */
typedef struct {
    /* Write the squared distances from query to n_groups groups; a bit is set where one is at most limit. */
    uint64_t (*scan)(const double *cells, const double *query, int32_t n_features, int n_groups, double limit,
                     double *squares);

    double (*square)(const double *a, const double *b, int32_t n_features);

    /* The squared distance from a query to a box; each difference is rounded from a smaller one than that to any row
       inside, so it is never above the squared distance to such a row. All are padded to n_padded columns by zeros. */
    double (*square_to_box)(const double *low, const double *high, const double *query, int32_t n_padded);

    /* For each of n_queries (1 or QUERIES) set the bits of a tile's rows whose half squared length less the product
       with the query is not above the query's limit. Rounded in any way: within the margins of all_rows.c. */
    void (*filter)(const float *tile, const float *half_squares, const float *queries, int n_queries,
                   int32_t n_features, const float *limits, uint32_t *masks);

    /* The least of n_groups groups of numbers. */
    double (*least)(const double *values, int n_groups);

    /* The sum over n_groups groups of exp(-factor * (square - nearest)), each of them to 2 units in the last place;
       what is below 1e-307 counts as 0. In eight sums, one for each place in a group. */
    double (*sum_of_exponentials)(const double *squares, int n_groups, double factor, double nearest);
} Distances;

extern const Distances distances_scalar, distances_avx2, distances_avx512;

/* The loops of a path that this processor can walk. */
const Distances *distances_on(ScoringPath path);

/* The path of this name, the widest for NULL; -1 where this processor has none. */
int path_named(const char *name);

#endif
